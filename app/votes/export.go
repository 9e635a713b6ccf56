package votes

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"ruche/app/sheets"
	"ruche/app/votes/count"
	"ruche/app/web"
	"ruche/models"
	"ruche/views/i18n"
	views "ruche/views/votes"
)

// result is the counted vote of the address, for those who take it with them.
func (f *Votes) result(c echo.Context) (*views.Vote, *Document, error) {
	vote, err := f.found(c)
	if err != nil {
		return nil, nil, err
	}
	document, err := counted(web.Actor(c), vote)
	return vote, document, err
}

// document sends the result as it is stored, the bytes that a recount gives, to the people of the house: it names its groups.
func (f *Votes) document(c echo.Context) error {
	vote, _, err := f.result(c)
	if err != nil {
		return err
	}
	if !web.Actor(c).Insider() {
		return models.ErrForbidden
	}
	attach(c, vote, "results", "json")
	return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, []byte(vote.Rule.Result))
}

// attach says that the answer is to be kept under a name.
func attach(c echo.Context, vote *views.Vote, what, extension string) {
	header := c.Response().Header()
	header.Set(echo.HeaderCacheControl, "private, no-store")
	header.Set(echo.HeaderContentDisposition, fmt.Sprintf(`attachment; filename="campaign-%d-%s.%s"`, vote.Campaign.ID, what, extension))
}

// columns of the results as a table, in their order. Their titles are in the catalogue.
var columns = []string{"rank", "number", "idea", "ballots", "for", "against", "sum", "score", "lower", "confidence", "cost", "funded", "consensus", "by_consent"}

// send writes rows as a table to be kept.
func send(c echo.Context, vote *views.Vote, what string, format sheets.Format, names []string, rows [][]any) error {
	l := web.Locale(c)
	titles := make([]sheets.Column, len(names))
	for i, name := range names {
		titles[i] = sheets.Column{Key: name, Title: l.T("votes.sheet." + name)}
	}
	var table bytes.Buffer
	out, err := sheets.NewWriter(&table, titles, sheets.Options{Format: format, Separator: ",", Mark: true, Name: l.T("votes.tab.results")})
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := out.Row(row...); err != nil {
			return errors.Join(err, out.Close())
		}
	}
	if err := out.Close(); err != nil {
		return err
	}
	attach(c, vote, what, string(format))
	return c.Blob(http.StatusOK, format.ContentType(), table.Bytes())
}

func (f *Votes) table(c echo.Context) error { return f.sheet(c, sheets.CSV) }

func (f *Votes) workbook(c echo.Context) error { return f.sheet(c, sheets.XLSX) }

// sheet sends the result as a table, with the hashes of the rule and of the result below.
func (f *Votes) sheet(c echo.Context, format sheets.Format) error {
	vote, document, err := f.result(c)
	if err != nil {
		return err
	}
	options, err := f.db.VotingOptions(c.Request().Context(), vote.Campaign.ID)
	if err != nil {
		return err
	}
	l, won := web.Locale(c), map[int64]bool{}
	if document.Award != nil {
		for _, funding := range document.Award.Funded {
			won[funding.Idea] = true
		}
	}
	var rows [][]any
	for _, s := range document.Ideas {
		rows = append(rows, sheetRow(l, s, optionOf(options, &s.Idea), won[s.Idea]))
	}
	rows = append(rows, []any{}, []any{l.T("votes.seal"), vote.Rule.Hash}, []any{l.T("votes.result_seal"), vote.Rule.ResultHash})
	return send(c, vote, "results", format, columns, rows)
}

func sheetRow(l *i18n.Locale, s Standing, option *models.VotingOption, won bool) []any {
	title, confidence, funded, consensus := l.T("votes.withdrawn"), "", "", any("")
	if option != nil && option.Title != "" {
		title = option.Title
	}
	if s.Confidence != "" {
		confidence = l.T("votes.confidence." + string(s.Confidence))
	}
	if won {
		funded = l.T("votes.funded")
	}
	if s.Consensus != nil {
		consensus = float64(*s.Consensus) / 1e6
	}
	return []any{s.Rank, s.Idea, title, s.Ballots, s.For, s.Against, s.Sum, float64(s.Score) / 1e6, float64(s.Lower) / 1e6, confidence, float64(s.Cost) / 100, funded, consensus, s.ByConsent}
}

// ballots sends every ballot that counts, under its key, unless they are so few that one could guess whose they are.
func (f *Votes) ballots(c echo.Context) error {
	vote, document, err := f.result(c)
	if err != nil {
		return err
	}
	if document.Ballots < count.Smallest {
		return models.ErrNotFound
	}
	_, kept, lines, duels, err := f.db.ClosedVote(c.Request().Context(), vote.Campaign.ID)
	if err != nil {
		return err
	}
	names := []string{"ballot", "number", "amount"}
	if vote.Rule.Method == models.VoteDuels {
		names = []string{"ballot", "left", "right", "winner"}
	}
	var rows [][]any
	for _, ballot := range joined(kept, lines, duels) {
		for _, line := range ballot.Lines {
			rows = append(rows, []any{ballot.Key, line.Option, line.Amount})
		}
		for _, duel := range ballot.Duels {
			rows = append(rows, []any{ballot.Key, duel.Left, duel.Right, duel.Winner})
		}
	}
	return send(c, vote, "ballots", sheets.CSV, names, rows)
}

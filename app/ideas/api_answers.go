package ideas

import (
	"context"
	"errors"
	"fmt"

	"ruche/app/files"
	"ruche/models"
)

// answerBody is what an idea answers to a question of its campaign.
type answerBody struct {
	Field      int64        `json:"field" doc:"Number of the field: see the form of the campaign."`
	Kind       string       `json:"kind" enum:"short,long,number,amount,date,choice,choices,scale,link,file,person"`
	Visibility string       `json:"visibility" enum:"everyone,experts,evaluators,team,private" doc:"Whom it was given for. experts: those of the space, by a promise of former times."`
	Question   questionBody `json:"question" doc:"As it was asked."`
	Value      string       `json:"value" doc:"As it is given: a number or an amount with a point, a day as YYYY-MM-DD, the numbers of choices and of files one a line, the name of a person; to those who may edit the idea, the person's e-mail address."`
	Choices    []chosenBody `json:"choices" doc:"The words of the choices, as they were when they were chosen."`
	People     []namedBody  `json:"people" doc:"The person who is named, none by fields of other kinds."`
	Files      []fileBody   `json:"files" doc:"The files that are given, none by fields of other kinds."`
}

type fileBody struct {
	ID          int64  `json:"id"`
	Name        string `json:"name"`
	ContentType string `json:"content_type"`
	Size        int64  `json:"size" doc:"In bytes."`
	URL         string `json:"url" doc:"Where a program that sees the answer downloads it."`
}

type questionBody struct {
	FR string `json:"fr"`
	EN string `json:"en"`
}

type chosenBody struct {
	ID int    `json:"id"`
	FR string `json:"fr"`
	EN string `json:"en"`
}

type namedBody struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// givenAnswer is one that is given to a question.
type givenAnswer struct {
	Field int64  `json:"field" minimum:"1" doc:"Number of the field: see the form of the campaign."`
	Value string `json:"value" doc:"As an idea shows it to those who may edit it. Empty to take an answer back."`
}

// answerBodies are the answers to an idea. Only who edits it gets the addresses of colleagues, to give them again.
func (f *Ideas) answerBodies(answers []models.ShownAnswer, edits bool) []answerBody {
	bodies := []answerBody{}
	for i := range answers {
		a := &answers[i]
		body := answerBody{
			Field: a.FieldID, Kind: string(a.Kind), Visibility: string(a.Visibility), Question: questionBody(a.Asked.Label), Value: a.Written(), Choices: []chosenBody{}, People: []namedBody{}, Files: []fileBody{},
		}
		for _, file := range a.Files {
			body.Files = append(body.Files, fileBody{file.ID, file.SaveName(), file.ContentType, file.Size, f.web.BaseURL.String() + files.Address(file.ID)})
		}
		if a.Kind == models.PersonField && a.PersonID != nil {
			body.People = append(body.People, namedBody{*a.PersonID, a.PersonName})
			if !edits {
				body.Value = a.PersonName
			}
		}
		if a.Kind.Chosen() {
			for _, id := range models.ChosenIDs(a.Value) {
				if choice := a.Asked.Choices.Find(id); choice != nil {
					body.Choices = append(body.Choices, chosenBody{choice.ID, choice.FR, choice.EN})
				}
			}
		}
		bodies = append(bodies, body)
	}
	return bodies
}

// whole is an idea by itself, with what it answers.
func (f *Ideas) whole(ctx context.Context, actor *models.Actor, id int64) (*ideaBody, error) {
	page, err := f.db.IdeaPage(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	answers, err := f.db.IdeaAnswers(ctx, actor, &page.Idea, page.Version)
	if err != nil {
		return nil, fmt.Errorf("answers of idea %d: %w", id, err)
	}
	body := f.bodyOf(actor, page)
	body.Answers = f.answerBodies(answers, actor.MayEdit(&page.Idea))
	return &body, nil
}

// forCampaign is what a program gives for what a campaign asks of a new idea.
func (f *Ideas) forCampaign(ctx context.Context, actor *models.Actor, id int64, given []givenAnswer) (Given, error) {
	if id == 0 || len(given) == 0 {
		return answered(nil, given)
	}
	campaign, err := f.db.Campaign(ctx, actor, id)
	if err != nil {
		return Given{}, err
	}
	sheet, err := f.db.BlankSheet(ctx, actor, campaign)
	if err != nil {
		return Given{}, err
	}
	return answered(sheet, given)
}

// answered is what a program gives for the fields of a sheet. It has to name fields that are asked.
func answered(sheet *models.AnswerSheet, given []givenAnswer) (Given, error) {
	in := Given{Texts: map[int64]string{}}
	for i, answer := range given {
		if sheet == nil || models.FindField(sheet.Fields, answer.Field) == nil {
			return in, models.Invalid{fmt.Sprintf("answers[%d].field", i): "forms.answer.unknown"}
		}
		in.Texts[answer.Field] = answer.Value
	}
	return in, nil
}

// located says of what is wrong with an answer where in a request it stands; one that is missing has no place but the list.
func located(err error, given []givenAnswer) error {
	var problems models.Invalid
	if !errors.As(err, &problems) {
		return err
	}
	places := models.Invalid{}
	for name, key := range problems {
		if id := models.AnsweredField(name); id != 0 {
			name = "answers"
			for i := range given {
				if given[i].Field == id {
					name = fmt.Sprintf("answers[%d].value", i)
				}
			}
		}
		places[name] = key
	}
	return places
}

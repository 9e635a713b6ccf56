package models

import (
	"slices"
	"strconv"
	"unicode/utf8"
)

// Focus is the part of a picture that stays in sight where there is no room for all of it.
type Focus string

// FocusCenter is where a picture is cut evenly.
const FocusCenter Focus = "center"

// Focuses lists the parts, as one reads.
func Focuses() []Focus {
	return []Focus{"top-left", "top", "top-right", "left", FocusCenter, "right", "bottom-left", "bottom", "bottom-right"}
}

// MaxBannerAlt is how many characters describe the banner of a campaign at most.
const MaxBannerAlt = 200

// Banner is the picture across the page of a campaign, and what is said of it.
type Banner struct {
	FileID     int64
	Alt        string // what it shows
	Decorative bool   // it shows nothing that one has to know, and Alt is empty
	Focus      Focus
}

// Validate tidies what is said of a banner, and says which fields are wrong.
func (b *Banner) Validate() error {
	b.Alt = oneLine(b.Alt)
	if b.Focus == "" {
		b.Focus = FocusCenter
	}
	problems := Invalid{}
	switch {
	case b.Decorative:
		b.Alt = ""
	case b.Alt == "":
		problems["alt"] = "banners.alt_missing"
	case utf8.RuneCountInString(b.Alt) > MaxBannerAlt || !readable(b.Alt):
		problems["alt"] = "banners.alt_invalid"
	}
	if !slices.Contains(Focuses(), b.Focus) {
		problems["focus"] = "banners.focus_invalid"
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

// isBanner is the condition that a campaign shows the file f.
const isBanner = "EXISTS (SELECT 1 FROM campaigns b WHERE b.banner_id = f.id)"

// SetBanner gives a locked campaign a banner, or none without a file. The picture that it had is left to the sweep, unless another
// campaign shows it too.
func (tx *Tx) SetBanner(campaign *Campaign, banner Banner) error {
	campaign.BannerID, campaign.BannerAlt, campaign.BannerFocus = nil, "", FocusCenter
	if banner.FileID != 0 {
		campaign.BannerID, campaign.BannerAlt, campaign.BannerFocus = &banner.FileID, banner.Alt, banner.Focus
	}
	_, err := tx.exec("UPDATE campaigns SET banner_id = ?, banner_alt = ?, banner_focus = ? WHERE id = ?", campaign.BannerID, campaign.BannerAlt, campaign.BannerFocus, campaign.ID)
	return err
}

// BannerURL is the address of the banner, empty if the campaign has none.
func (c *Campaign) BannerURL() string {
	if c.BannerID == nil {
		return ""
	}
	return "/files/" + strconv.FormatInt(*c.BannerID, 10)
}

// SmallBannerURL is that of the banner in the size of phones and lists.
func (c *Campaign) SmallBannerURL() string { return c.BannerURL() + "?w=800" }

package parts

import (
	"ruche/models"
	"ruche/views/i18n"
)

// CampaignSettings are the pages on which those who run a campaign set it up, by the last part of their address and in the
// order of their tabs. The word of each is campaigns.settings.NAME.
var CampaignSettings = [...]string{"edit", "banner", "stages", "people", "form", "seals", "vote", "evaluation", "graduation", "preview"}

// campaignTabs are the tabs of a campaign's settings.
func campaignTabs(l *i18n.Locale, campaign *models.Campaign, active string) (tabs []Tab) {
	for _, name := range CampaignSettings {
		if name == "seals" && campaign.Anonymity != models.Sealed && campaign.IdeaCount > 0 {
			continue // its promise is another one, and stays
		}
		tabs = append(tabs, Tab{URL: campaign.SettingsPath(name), Label: l.T("campaigns.settings." + name), Count: -1, Active: name == active})
	}
	return tabs
}

// PreviewStage names a moment in which a campaign can be looked at.
func PreviewStage(l *i18n.Locale, stage models.StageKind) string {
	if stage == models.BeforeOpening {
		return l.T("viewing.before")
	}
	return l.T("campaigns.stage." + string(stage))
}

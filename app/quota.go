package app

import (
	"fmt"
	"strconv"
	"strings"

	"ruche/models"
)

// quotas are how much room the files of a person and of a space may take.
func (c *Config) quotas() (models.Quotas, error) {
	quotas := models.DefaultQuotas
	for _, one := range []struct {
		setting, value string
		quota          *int64
	}{{"RUCHE_PERSON_FILES", c.PersonFiles, &quotas.Person}, {"RUCHE_SPACE_FILES", c.SpaceFiles, &quotas.Space}} {
		size, ok := size(one.value)
		switch {
		case one.value == "":
		case !ok:
			return quotas, fmt.Errorf("%s: %q is no size such as 500 MB, 20 GB or none", one.setting, one.value)
		default:
			*one.quota = size
		}
	}
	return quotas, nil
}

// size reads how much "20 GB" is in bytes; 0 for "none".
func size(text string) (bytes int64, ok bool) {
	if text == "none" {
		return 0, true
	}
	for unit, factor := range map[string]int64{"MB": 1e6, "GB": 1e9, "TB": 1e12} {
		if number, found := strings.CutSuffix(text, unit); found {
			n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 32)
			return n * factor, err == nil && n > 0
		}
	}
	return 0, false
}

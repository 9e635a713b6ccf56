package handbooks

import (
	"path"
	"strconv"
	"strings"

	"ruche/models"
)

// names are those that are taken in a folder.
type names map[string]bool

// reserved are names that mean something to a reader of folders of Markdown, or that Windows gives to no file.
var reserved = names{"index": true, "readme": true, "files": true, "con": true, "prn": true, "aux": true, "nul": true,
	"com1": true, "com2": true, "com3": true, "com4": true, "com5": true, "com6": true, "com7": true, "com8": true, "com9": true,
	"lpt1": true, "lpt2": true, "lpt3": true, "lpt4": true, "lpt5": true, "lpt6": true, "lpt7": true, "lpt8": true, "lpt9": true}

// folderOf is a name for a title that nothing else in its folder has, on no system: lower-case ASCII.
func folderOf(title, otherwise string, taken names) string {
	wanted := models.Slug(title)
	if wanted == "" || reserved[wanted] {
		wanted = strings.TrimPrefix(wanted+"-"+otherwise, "-")
	}
	name := wanted
	for n := 2; taken[name]; n++ {
		name = wanted + "-" + strconv.Itoa(n)
	}
	taken[name] = true
	return name
}

// fileName is where a file of articles lies in the archive.
func fileName(file *models.File) string {
	name := strconv.FormatInt(file.ID, 10)
	saved := file.SaveName()
	if slug := models.Slug(strings.TrimSuffix(saved, path.Ext(saved))); file.Name != "" && slug != "" {
		name += "-" + slug
	}
	return "files/" + name + path.Ext(file.Key)
}

func joined(folder, name string) string {
	if folder == "" {
		return name
	}
	return folder + "/" + name
}

// relative is how the file at one path of the archive names that at another.
func relative(from, to string) string {
	steps, goal := strings.Split(from, "/"), strings.Split(to, "/")
	same := 0
	for same < len(steps)-1 && same < len(goal)-1 && steps[same] == goal[same] {
		same++
	}
	return strings.Repeat("../", len(steps)-1-same) + strings.Join(goal[same:], "/")
}

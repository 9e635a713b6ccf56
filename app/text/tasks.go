package text

import "strings"

// Tick is a text in which one task is done or not: the first is 1, in the order in which they are shown. ok is false if there is no such task.
func Tick(markdown string, number int, done bool) (ticked string, ok bool) {
	tasks := tasksOf(markdown)
	if number < 1 || number > len(tasks) {
		return "", false
	}
	at, mark := tasks[number-1], " "
	if done {
		mark = "x"
	}
	return markdown[:at+1] + mark + markdown[at+2:], true
}

// SameTask finds a task of a text in a later text: at the same place, or else the only one with the same words. ok is false where it cannot
// be told.
func SameTask(before string, number int, now string) (found int, ok bool) {
	old, tasks := tasksOf(before), tasksOf(now)
	if number < 1 || number > len(old) {
		return 0, false
	}
	words := taskWords(before, old[number-1])
	if number <= len(tasks) && taskWords(now, tasks[number-1]) == words {
		return number, true
	}
	for i, at := range tasks {
		if taskWords(now, at) != words {
			continue
		}
		if ok {
			return 0, false
		}
		found, ok = i+1, true
	}
	return found, ok
}

// tasksOf are the places of the boxes of tasks in a text, "[ ]", in their order.
func tasksOf(markdown string) (places []int) {
	if len(markdown) > MaxBody {
		return nil
	}
	doc, err := parse(markdown, Body, nil)
	if err != nil {
		return nil
	}
	for _, at := range doc.tasks {
		if at+2 < len(markdown) && markdown[at] == '[' && markdown[at+2] == ']' {
			places = append(places, at)
		}
	}
	return places
}

// taskWords are the words of the line of a task.
func taskWords(markdown string, at int) string {
	line, _, _ := strings.Cut(markdown[at+3:], "\n")
	return strings.TrimSpace(line)
}

package demo

// Gathering is what people of the company come together for.
type Gathering struct {
	Key       string
	Space     string
	By        string
	Ago       Age
	Lang      string
	Title     string
	Body      string // Markdown
	Place     string
	Link      string
	Days      int    // from the day on which the company is loaded; those before it are over
	From      string // 14:30, in the zone of the house
	Lasts     Age
	Capacity  int
	Comes     []string // in the order in which they say so
	Maybe     []string
	Cancelled string // why it does not take place; empty where it does
	Talk      []Said
}

// gatherings looks for what could not have been planned so.
func (k *checker) gatherings() {
	for i := range k.company.Gatherings {
		g := &k.company.Gatherings[i]
		space := k.company.space(g.Space)
		if space == nil || k.company.person(g.By) == nil || space.Opened < g.Ago || g.Key == "" || g.Title == "" || g.Lasts <= 0 {
			k.problem("event %q: in %q by %q", g.Key, g.Space, g.By)
		}
		for _, who := range append(append([]string{}, g.Comes...), g.Maybe...) {
			if k.company.person(who) == nil {
				k.problem("event %q: %q comes", g.Key, who)
			}
		}
		said := map[string]Age{"": g.Ago}
		for _, s := range g.Talk {
			if answered, known := said[s.Answers]; k.company.person(s.By) == nil || !known || s.Ago >= answered || s.Body == "" {
				k.problem("event %q: %q is said by %q to %q", g.Key, s.Key, s.By, s.Answers)
			}
			said[s.Key] = s.Ago
		}
	}
}

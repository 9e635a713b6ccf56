package proof_test

// knowledge are the pages of collections and articles. The invented companies have written nothing down, so that what is asked of an
// article finds none whoever asks: app/knowledge and the table of routes have what people may do with theirs.
var knowledge = map[string]rule{
	"GET /knowledge":                      {allowed: anyone},
	"GET /collections/new":                {allowed: shelves},
	"POST /collections":                   {form: "space=no-such-room&title=Another"},
	"GET /collections/:id":                {},
	"GET /collections/:id/edit":           {},
	"POST /collections/:id":               {form: "title=Another"},
	"POST /collections/:id/step":          {form: "to=up"},
	"POST /collections/:id/archive":       {form: "archived=1"},
	"GET /collections/:id/trash":          {},
	"GET /articles/new":                   {allowed: writesArticles},
	"POST /articles":                      {form: "collection=1&title=Another&body=Another."},
	"GET /articles/:id":                   {},
	"GET /articles/:id/edit":              {},
	"POST /articles/:id":                  {form: "title=Another&body=Another.&base=1"},
	"GET /articles/:id/place":             {},
	"POST /articles/:id/place":            {form: "after=last"},
	"POST /articles/:id/step":             {form: "to=up"},
	"POST /articles/:id/withdrawal":       {},
	"POST /articles/:id/restoration":      {},
	"GET /articles/:id/versions":          {},
	"GET /articles/:id/versions/:number":  {},
	"POST /articles/:id/versions/:number": {},
}

package proof_test

// talks are the pages of discussions. The invented companies hold no threads, so that what is asked of one finds none whoever asks:
// app/discussions and the table of routes have what people may do with theirs.
var talks = map[string]rule{
	"GET /discussions":                          {allowed: anyone},
	"GET /threads/similar":                      {allowed: signedIn, query: "?title=About+zqall"},
	"GET /threads/new":                          {allowed: begins},
	"POST /threads":                             {form: "space=no-such-room&kind=question&title=Another&body=Another."},
	"GET /threads/:id":                          {},
	"GET /threads/:id/edit":                     {},
	"POST /threads/:id":                         {},
	"POST /threads/:id/withdrawal":              {},
	"POST /threads/:id/restoration":             {},
	"POST /threads/:id/acceptance":              {form: "post=1"},
	"POST /threads/:id/same":                    {form: "same=1"},
	"GET /threads/:id/tending":                  {},
	"POST /threads/:id/pin":                     {form: "pinned=1"},
	"POST /threads/:id/closure":                 {form: "closed=1"},
	"POST /threads/:id/pace":                    {form: "seconds=60"},
	"POST /threads/:id/place":                   {form: "space=no-such-room"},
	"POST /threads/:id/posts":                   {form: "body=Another."},
	"GET /threads/:id/posts/:post":              {},
	"GET /threads/:id/posts/:post/reply":        {},
	"GET /threads/:id/posts/:post/edit":         {},
	"POST /threads/:id/posts/:post":             {form: "body=Another."},
	"POST /threads/:id/posts/:post/removal":     {},
	"POST /threads/:id/posts/:post/restoration": {},
	"GET /spaces/:slug/topics":                  {about: aSpace, allowed: settles},
	"POST /spaces/:slug/topics":                 {about: aSpace, allowed: settles, form: "title=Another"},
	"POST /spaces/:slug/topics/:topic":          {about: aSpace},
	"POST /spaces/:slug/topics/:topic/step":     {about: aSpace},
	"POST /spaces/:slug/topics/:topic/archive":  {about: aSpace},

	"GET /threads/:id/posts/:post/versions":          {},
	"POST /threads/:id/posts/:post/versions/:number": {form: "hidden=1&reason=Enough"},
}

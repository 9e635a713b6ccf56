//go:build peers

package editor

import (
	"testing"

	"ruche/app/apptest/browser"
)

// pasted is what the editor makes of a page on the clipboard.
func pasted(t *testing.T, page string) string {
	t.Helper()
	p := newSite(t).open(t, "", "")
	p.Click(area)
	browser.Eval[any](p, `{
		const data = new DataTransfer();
		data.setData("text/html", `+quoted(page)+`);
		document.querySelector("`+area+`").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
	}`)
	p.See("Fin")
	return markdown(p)
}

// TestPagesOfOtherProgramsBecomeCleanMarkdown has pages as programs put them on the clipboard: each test page keeps what its program does
// oddly, and none of the text.
func TestPagesOfOtherProgramsBecomeCleanMarkdown(t *testing.T) {
	const word = `<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word"><head><meta charset=utf-8>
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings><o:AllowPNG/></o:OfficeDocumentSettings></xml><![endif]-->
<style><!-- p.MsoNormal {mso-style-parent:""; margin:0cm;} @page WordSection1 {size:595.3pt 841.9pt;} --></style></head>
<body lang=FR style='tab-interval:35.4pt;word-wrap:break-word'><!--StartFragment-->
<p class=MsoTitle>Purge<o:p></o:p></p>
<h2 style='mso-list:none'><a name="_Toc1"></a>Avant<o:p></o:p></h2>
<p class=MsoNormal><b style='mso-bidi-font-weight:normal'>Gants</b> et
<i>lunettes</i>, voir <a href="#_ftn1">note</a> et <a href="file:///C:/x.docx">modèle</a>.<o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>Premier<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='margin-left:72.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span style='font-family:"Courier New"'><span style='mso-list:Ignore'>o<span style='font:7.0pt "Times New Roman"'>&nbsp; </span></span></span><![endif]>Dessous<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·<span>&nbsp; </span></span><![endif]>Second<o:p></o:p></p>
<p class=MsoNormal>Puis<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>1.<span>&nbsp; </span></span><![endif]>Un<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>2.<span>&nbsp; </span></span><![endif]>Deux<o:p></o:p></p>
<table class=MsoTableGrid border=1 style='border-collapse:collapse;mso-yfti-tbllook:1184'><tr style='mso-yfti-irow:0'><td width=208 valign=top style='width:155.8pt'><p class=MsoNormal>Vis<o:p></o:p></p></td><td><p class=MsoNormal>Couple<o:p></o:p></p></td></tr>
<tr><td><p class=MsoNormal>M8</p></td><td><table><tr><td><p>25</p></td><td><p>N·m</p></td></tr></table></td></tr></table>
<p class=MsoNormal><img width=10 src="file:///C:/Users/x/clip_image001.png"><img src="data:image/png;base64,iVBORw0KGgo=">Fin<o:p></o:p></p><!--EndFragment--></body></html>`
	const docs = `<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1"><h1 dir="ltr" style="line-height:1.38"><span style="font-size:20pt;font-weight:400;">Purge</span></h1>
<p dir="ltr"><span style="font-weight:700;">Gants</span><span style="font-weight:400;"> et </span><span style="font-style:italic;">lunettes</span><span>, </span><a href="https://www.google.com/url?q=https://example.org/a&amp;sa=D"><span style="text-decoration:underline">note</span></a></p><br />
<ul style="margin-top:0"><li dir="ltr" style="list-style-type:disc" aria-level="1"><p dir="ltr" role="presentation"><span>Premier</span></p></li><ul><li dir="ltr" aria-level="2"><p role="presentation"><span>Dessous</span></p></li></ul><li aria-level="1"><p><span>Second</span></p></li></ul>
<ul><li role="checkbox" aria-checked="true"><img src="data:image/png;base64,iVBORw0KGgo=" aria-roledescription="checkbox" /><p><span>Fait</span></p></li><li role="checkbox" aria-checked="false"><img src="data:image/png;base64,iVBORw0KGgo=" /><p><span>Reste</span></p></li></ul><br />
<div dir="ltr" align="left"><table style="border:none"><colgroup><col width="312" /><col /></colgroup><tbody><tr><td><p><span>Vis</span></p></td><td><p><span>Couple</span></p></td></tr><tr><td><p><span>M8</span></p></td><td><p><span>25</span></p></td></tr></tbody></table></div><p><span>Fin</span></p></b><br class="Apple-interchange-newline">`
	const notion = `<meta charset='utf-8'><!-- notionvc: 1c2 --><h1>Purge</h1>
<ul><li>[x] Fait</li><li>[ ] <strong>Reste</strong></li><li>Simple</li></ul>
<ul class="to-do-list"><li><div class="checkbox checkbox-on"></div> <span class="to-do-children-checked">Rangé</span></li></ul>
<pre><code class="language-go">x := 1</code></pre><p>Fin</p>`
	const web = `<html><body><!--StartFragment--><nav hidden>Menu</nav><h2 style="color: rgb(0,0,0); font-family: Arial">Purge</h2><p style="margin: 0px">Un <code>mot</code><span>&nbsp;</span>et<br>une ligne.</p><script>alert(1)</script><style>x</style>
<ul><li><input type="checkbox" checked disabled> Fait</li></ul><blockquote><p>Cité</p></blockquote><p onclick="x()">Fin</p><!--EndFragment--></body></html>`
	for name, want := range map[string][2]string{
		"Word": {word, "# Purge\n\n## Avant\n\n**Gants** et *lunettes*, voir note et modèle.\n\n- Premier\n  - Dessous\n- Second\n\nPuis\n\n1. Un\n2. Deux\n\n" +
			"| Vis | Couple |\n| --- | --- |\n| M8 | 25 N·m |\n\nFin"},
		"Google Docs": {docs, "# Purge\n\n**Gants** et *lunettes*, [note](https://example.org/a)\n\n- Premier\n  - Dessous\n- Second\n\n* [x] Fait\n* [ ] Reste\n\n" +
			"| Vis | Couple |\n| --- | --- |\n| M8 | 25 |\n\nFin"},
		"Notion": {notion, "# Purge\n\n- [x] Fait\n- [ ] **Reste**\n- Simple\n\n* [x] Rangé\n\n```go\nx := 1\n```\n\nFin"},
		"a page": {web, "## Purge\n\nUn `mot` et\nune ligne.\n\n- [x] Fait\n\n> Cité\n\nFin"},
	} {
		if got := pasted(t, want[0]); got != want[1] {
			t.Errorf("%s became\n%s\n\nwant\n%s", name, got, want[1])
		}
	}
}

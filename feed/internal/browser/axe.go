package browser

import (
	"os"

	"github.com/chromedp/chromedp"
)

// HasAxe says whether AXE_JS names the script of axe-core, the usual check of what pages are to people who do not see
// them, or not well, or use no mouse.
func HasAxe() bool { return os.Getenv("AXE_JS") != "" }

// Violations are what axe-core finds wrong with the page by the rules of WCAG 2.2, A and AA, and by good practice. It
// finds nothing without AXE_JS, and where scripts are switched off.
func (tab *Tab) Violations() []string {
	tab.t.Helper()
	if !HasAxe() || tab.look.NoScript {
		return nil
	}
	script, err := os.ReadFile(os.Getenv("AXE_JS"))
	if err != nil {
		tab.t.Fatal("read axe-core: ", err)
	}
	do(tab, "load axe-core", chromedp.Evaluate[chromedp.Void](string(script)))
	return Eval[[]string](tab, `axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(result =>
		result.violations.flatMap(v => v.nodes.map(n => v.id + " (" + v.impact + "): " + n.html.slice(0, 150) + " " + n.failureSummary)))`)
}

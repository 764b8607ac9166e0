package browser

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A Look is how a reader looks at pages.
type Look struct {
	Width    int64 // of the window, in pixels; 0 for 1280
	Dark     bool  // prefers dark colours
	NoScript bool  // has scripts switched off
}

// A Tab shows one page after the other.
type Tab struct {
	t    testing.TB
	ctx  context.Context
	look Look

	mu       sync.Mutex
	messages []string
	requests []string
}

// Open opens a page in a new tab. What cannot be opened fails the test.
func (b *Browser) Open(t testing.TB, address string, look Look) *Tab {
	t.Helper()
	tab := &Tab{t: t, look: look}
	ctx, end := chromedp.NewContext(b.ctx, chromedp.WithListener(tab.hear))
	t.Cleanup(end)
	tab.ctx = ctx
	scheme, width := "light", look.Width
	if look.Dark {
		scheme = "dark"
	}
	if width == 0 {
		width = 1280
	}
	err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 800), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		if _, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: look.NoScript})
		return err
	}))
	if err != nil {
		t.Fatal("open a tab:", err)
	}
	tab.Go(address)
	return tab
}

// hear notes what happens on the page.
func (tab *Tab) hear(event any) {
	note := func(list *[]string, text string) {
		tab.mu.Lock()
		defer tab.mu.Unlock()
		*list = append(*list, text)
	}
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		text := string(e.Type)
		for _, a := range e.Args {
			text += " " + string(a.Value) + a.Description
		}
		note(&tab.messages, "console: "+text)
	case *runtime.EventExceptionThrown:
		note(&tab.messages, "exception: "+e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		note(&tab.messages, string(e.Entry.Source)+": "+e.Entry.Text+" "+e.Entry.URL)
	case *page.EventJavascriptDialogOpening:
		note(&tab.messages, "dialog: "+e.Message)
		go chromedp.Call(tab.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{})
	case *network.EventRequestWillBeSent:
		note(&tab.requests, e.Request.URL)
	}
}

// Go opens another page in the tab.
func (tab *Tab) Go(address string) {
	tab.t.Helper()
	do(tab, "open "+address, chromedp.Navigate(address))
}

// Click clicks on the first element that the CSS selector matches, once it is to be seen.
func (tab *Tab) Click(selector string) {
	tab.t.Helper()
	do(tab, "click on "+selector, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}

// Follow clicks on a link, waits for the page that it leads to, and gives its address.
func (tab *Tab) Follow(selector string) string {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible)); err != nil {
		tab.t.Fatalf("follow %s: %v", selector, err)
	}
	return do(tab, "ask for the address", chromedp.Location())
}

// Press presses keys, as chromedp/kb names them.
func (tab *Tab) Press(keys string) {
	tab.t.Helper()
	do(tab, "press a key", chromedp.KeyEvent(keys))
}

// Eval is the value of an expression of JavaScript, or of the promise that it is. It works with scripts switched off, too.
func Eval[T any](tab *Tab, expression string) T {
	tab.t.Helper()
	return do(tab, "evaluate "+expression[:min(len(expression), 200)], chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

func do[T any](tab *Tab, what string, action chromedp.Action[T]) T {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	result, err := chromedp.Run(ctx, action)
	if err != nil {
		tab.t.Fatalf("%s: %v", what, err)
	}
	return result
}

// Messages are what was written to the console so far: by the page, by the browser about it (a policy that was violated, a
// file that is not there), and dialogs that were opened.
func (tab *Tab) Messages() []string {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	return slices.Clone(tab.messages)
}

// Requests are the addresses that something was asked from so far.
func (tab *Tab) Requests() []string {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	return slices.Clone(tab.requests)
}

// Strangers are those of them that are not of the origin, "http://127.0.0.1:8080", and ask somebody.
func (tab *Tab) Strangers(origin string) []string {
	own, err := url.Parse(origin)
	if err != nil {
		tab.t.Fatal(err)
	}
	return slices.DeleteFunc(tab.Requests(), func(address string) bool {
		u, err := url.Parse(address)
		return err == nil && (u.Host == own.Host && u.Scheme == own.Scheme || u.Scheme == "data")
	})
}

// Overflows says whether the page is wider than the window, so that one must scroll sideways, and what sticks out.
func (tab *Tab) Overflows() []string {
	tab.t.Helper()
	return Eval[[]string](tab, `(() => {
		const width = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= width) return [];
		const wide = [...document.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > width + 0.5);
		return [document.documentElement.scrollWidth + " of " + width + " pixels", ...wide.map(e => e.outerHTML.slice(0, 100))];
	})()`)
}

// Picture takes a picture of the whole page for people to look at, where SCREENSHOTS names a folder for them.
func (tab *Tab) Picture(name string) {
	tab.t.Helper()
	dir := os.Getenv("SCREENSHOTS")
	if dir == "" {
		return
	}
	data := do(tab, "take a picture", chromedp.FullScreenshot(100))
	if err := os.WriteFile(filepath.Join(dir, name+".png"), data, 0o644); err != nil {
		tab.t.Fatal(err)
	}
}

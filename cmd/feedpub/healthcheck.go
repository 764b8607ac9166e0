package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// healthTime is how long the daemon may take to say how it is.
const healthTime = 5 * time.Second

func (a *app) healthcheckCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "healthcheck [FOLDER]",
		Short: "Ask the daemon on this machine whether it serves",
		Long: `Ask the daemon of the same configuration, at serve.listen, whether it has something to
serve. It ends with 0 where it has, and with 1 where it has not or does not answer: for
the HEALTHCHECK of a container, and for scripts.`,
		Example: "  feedpub healthcheck\n  feedpub healthcheck --listen 127.0.0.1:9000",
		Args:    args(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.load(args...)
			if err != nil {
				return err
			}
			return a.healthcheck(cmd.Context(), c.Serve.URL()+"readyz")
		},
	}
	cmd.Flags().String("listen", "", "the `ADDRESS` that the daemon serves at, host:port")
	return cmd
}

func (a *app) healthcheck(ctx context.Context, address string) error {
	says, err := a.health(ctx, address)
	if err != nil {
		return err
	}
	return a.print(map[string]string{"url": address, "answer": says}, func(w io.Writer) { fmt.Fprintln(w, says) })
}

// errNoAnswer says that nothing listens where the daemon should.
var errNoAnswer = errors.New("the daemon does not answer")

// health is what a daemon says of itself; the error is what keeps it from serving.
func (a *app) health(ctx context.Context, address string) (says string, err error) {
	ctx, cancel := context.WithTimeout(ctx, healthTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: dialHere}} // a proxy of the environment is not asked
	resp, err := client.Do(req)
	var asked *url.Error
	if errors.As(err, &asked) {
		return "", fmt.Errorf("%w at %s: %w", errNoAnswer, address, asked.Err)
	}
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 1000))
	if err != nil {
		return "", fmt.Errorf("the daemon does not answer in full at %s: %w", address, err)
	}
	says = strings.TrimSpace(string(text))
	if resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("the daemon at %s answers %d: %s", address, resp.StatusCode, says)
	}
	return says, nil
}

// dialHere knows what localhost is where nobody says so: a container of one file has no /etc/hosts.
func dialHere(ctx context.Context, network, address string) (net.Conn, error) {
	var d net.Dialer
	host, port, err := net.SplitHostPort(address)
	if err != nil || host != "localhost" {
		return d.DialContext(ctx, network, address)
	}
	conn, err := d.DialContext(ctx, network, net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		if six, err6 := d.DialContext(ctx, network, net.JoinHostPort("::1", port)); err6 == nil {
			return six, nil
		}
	}
	return conn, err
}

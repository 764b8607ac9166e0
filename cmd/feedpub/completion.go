package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"feedpub/feed"
)

var shells = []string{"bash", "zsh", "fish", "powershell"}

func (a *app) completionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print the completion script of a shell: bash, zsh, fish or powershell",
		Long: `Print what a shell reads to complete commands, flags and names of entries. Put it where
the shell looks for completions, and open a new shell; or, for this shell alone:

    source <(feedpub completion bash)    with the package bash-completion installed
    source <(feedpub completion zsh)     after compinit
    feedpub completion fish | source`,
		Example: "  feedpub completion bash >/etc/bash_completion.d/feedpub\n" +
			"  feedpub completion zsh >/usr/local/share/zsh/site-functions/_feedpub\n" +
			"  feedpub completion fish >/etc/fish/completions/feedpub.fish",
		Args: func(cmd *cobra.Command, given []string) error {
			if len(given) == 1 && !slices.Contains(shells, given[0]) {
				return usage("%q is none of the shells bash, zsh, fish and powershell", given[0])
			}
			return args(cobra.ExactArgs(1))(cmd, given)
		},
		ValidArgs: shells,
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(a.stdout, true)
			case "zsh":
				return root.GenZshCompletion(a.stdout)
			case "fish":
				return root.GenFishCompletion(a.stdout, true)
			default:
				return root.GenPowerShellCompletionWithDesc(a.stdout)
			}
		},
	}
}

// mostCompleted is how many entries a shell is offered.
const mostCompleted = 50

// completeEntry offers a shell the entries whose source/key begins with what was typed, of those with the status, empty for any.
func (a *app) completeEntry(status feed.Status) cobra.CompletionFunc {
	return func(cmd *cobra.Command, given []string, typed string) (found []cobra.Completion, how cobra.ShellCompDirective) {
		if len(given) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		a.setUp(cmd) // which is not called for completions
		a.inSite(cmd.Context(), a.openToRead, func(s *site) error {
			return s.store.Named(cmd.Context(), typed, status, func(e *feed.Entry) bool {
				found = append(found, cobra.CompletionWithDesc(e.Source+"/"+e.Key, fmt.Sprintf("%.60s", e.Title)))
				return len(found) < mostCompleted
			})
		})
		return found, cobra.ShellCompDirectiveNoFileComp
	}
}

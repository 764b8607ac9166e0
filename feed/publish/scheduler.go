package publish

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/robfig/cron/v3"
)

// A Job is work that a Scheduler repeats.
type Job struct {
	Name     string        // under which its last run is stored
	Schedule cron.Schedule // when it runs
	Run      func(ctx context.Context) error
}

// Runs remembers when jobs ran last, over restarts.
type Runs interface {
	LastRun(ctx context.Context, job string) (time.Time, error) // zero when it never ran
	SetLastRun(ctx context.Context, job string, t time.Time) error
}

// A Scheduler runs jobs when they are due, each one at a time: what falls due while it still runs is skipped. A job
// that fails or panics is logged and runs again at its next time.
type Scheduler struct {
	Log     *slog.Logger
	Runs    Runs
	Now     func() time.Time
	Timeout time.Duration // of one run of a job; 0 is none

	mu    sync.Mutex
	cron  *cron.Cron           // once it was started
	asked chan struct{}        // closed when cron answers what it was asked; nil where it was asked nothing
	begun map[string]time.Time // when the runs began that are under way, by the names of their jobs
}

// Start runs the jobs at their times until ctx ends, and then waits for what is running. First it runs each job once
// that never ran, or that missed a time while nothing was running, and calls caughtUp.
func (s *Scheduler) Start(ctx context.Context, jobs []Job, caughtUp func()) error {
	log := cronLog{s.Log}
	// Recover stands inside Skip: outside, a panic would leave Skip's token taken, and the job would never run again.
	chain := cron.NewChain(cron.SkipIfStillRunning(log), cron.Recover(log))
	c := cron.New(cron.WithLogger(log), cron.WithLocation(time.UTC))
	planned := make([]plan, len(jobs))
	for i, j := range jobs {
		work := chain.Then(s.work(ctx, j))
		planned[i] = plan{j, work, c.Schedule(j.Schedule, work)}
	}
	late, err := s.late(ctx, planned)
	if ctx.Err() != nil {
		return nil // told to stop before it began, as by two reloads in a row
	}
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.cron = c
	s.mu.Unlock()
	c.Start() // before catching up, which may take long: a time that comes meanwhile is not lost
	var watching sync.WaitGroup
	watching.Go(func() { s.watchClock(ctx, c, planned) })
	for _, work := range late {
		work.Run()
	}
	caughtUp()
	<-ctx.Done()
	watching.Wait()
	<-c.Stop().Done()
	return nil
}

// A plan is a job as cron has it.
type plan struct {
	Job
	work cron.Job
	id   cron.EntryID
}

// late is the work of the jobs that missed a time, or never ran.
func (s *Scheduler) late(ctx context.Context, planned []plan) (late []cron.Job, err error) {
	for _, p := range planned {
		missed, err := s.missed(ctx, p.Job)
		if err != nil {
			return nil, err
		}
		if missed {
			late = append(late, p.work)
		}
	}
	return late, nil
}

func (s *Scheduler) work(ctx context.Context, j Job) cron.Job {
	return cron.FuncJob(func() { s.run(ctx, j) })
}

func (s *Scheduler) missed(ctx context.Context, j Job) (bool, error) {
	last, err := s.Runs.LastRun(ctx, j.Name)
	if err != nil {
		return false, fmt.Errorf("last run of %s: %w", j.Name, err)
	}
	if last.IsZero() {
		return true, nil
	}
	next := j.Schedule.Next(last)
	return !next.IsZero() && !next.After(s.Now()), nil
}

func (s *Scheduler) run(ctx context.Context, j Job) {
	if ctx.Err() != nil {
		return
	}
	started := s.Now()
	defer s.begin(j)()
	work := ctx
	if s.Timeout > 0 {
		var cancel context.CancelFunc
		work, cancel = context.WithTimeout(ctx, s.Timeout)
		defer cancel()
	}
	err := j.Run(work)
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		s.Log.InfoContext(ctx, "job stopped, to be caught up at the next start", "job", j.Name)
	} else if err != nil {
		s.Log.ErrorContext(ctx, "job failed", "job", j.Name, "error", err)
	}
	if ctx.Err() != nil {
		return // stopped in the middle: it is caught up at the next start
	}
	if err := s.Runs.SetLastRun(ctx, j.Name, started); err != nil {
		s.Log.ErrorContext(ctx, "last run not stored", "job", j.Name, "error", err)
	}
}

// begin notes that a run of a job is under way, until done is called.
func (s *Scheduler) begin(j Job) (done func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.begun == nil {
		s.begun = map[string]time.Time{}
	}
	s.begun[j.Name] = time.Now()
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.begun, j.Name)
	}
}

// overrun is by how much a run may take longer than its timeout: to finish what it began, or to give up.
const overrun = 5 * time.Minute

// Answer says why the scheduler does not do its work: it does not answer before ctx ends, or a run goes on although its
// time is over.
func (s *Scheduler) Answer(ctx context.Context) error {
	s.mu.Lock()
	c, err := s.cron, s.stuck()
	s.mu.Unlock()
	if c == nil {
		return errors.New("the scheduler has not started")
	}
	answered := s.ask(c)
	select {
	case <-answered:
		return err
	case <-ctx.Done():
		return fmt.Errorf("the scheduler does not answer: %w", ctx.Err())
	}
}

// ask has cron's own loop give an answer. While it hangs there is one question, however often is asked.
func (s *Scheduler) ask(c *cron.Cron) (answered <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asked != nil {
		return s.asked
	}
	asked := make(chan struct{})
	s.asked = asked
	go func() {
		c.Entries()
		s.mu.Lock()
		defer s.mu.Unlock()
		s.asked = nil
		close(asked)
	}()
	return asked
}

func (s *Scheduler) stuck() error {
	for job, at := range s.begun {
		if took := time.Since(at); s.Timeout > 0 && took > s.Timeout+overrun {
			return fmt.Errorf("%s does not end: it has run for %s", job, took.Round(time.Second))
		}
	}
	return nil
}

// cronLog gives robfig/cron a slog.Logger; its own would write to standard output.
type cronLog struct{ log *slog.Logger }

func (l cronLog) Info(msg string, keysAndValues ...any) {
	l.log.Debug("schedule: "+msg, keysAndValues...)
}

func (l cronLog) Error(err error, msg string, keysAndValues ...any) {
	l.log.Error("schedule: "+msg, append(keysAndValues, "error", err)...)
}

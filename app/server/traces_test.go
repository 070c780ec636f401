package server_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"dozvon/app/server"
	"dozvon/app/server/tracing"
	"dozvon/client"
)

// TestTraces_followAWebhookToTheScreen compares the tree of spans of one webhook with the way that a call goes.
func TestTraces_followAWebhookToTheScreen(t *testing.T) {
	t.Parallel()
	kept := tracetest.NewInMemoryExporter()
	s := openSchoolWith(t, server.Config{Traces: tracing.Of(sdktrace.NewTracerProvider(sdktrace.WithSyncer(kept)))}, "")
	const number = "79145550148"
	if _, err := s.api("105").CreateClient(t.Context(), client.ClientInput{Name: ptr("Соколова Мария"), Phones: &[]string{"+" + number}}); err != nil {
		t.Fatal(err)
	}
	manager := listen(t, s.api("105"))
	other := listen(t, s.api("102")) // whom the call does not concern
	if got := s.deliver("events/call", fmt.Sprintf(`{"entry_id":"E","call_id":"C","timestamp":%d,"seq":1,"call_state":"Appeared","location":"abonent","from":{"number":"%s"},"to":{"extension":"101"}}`, s.parts.Now().Unix(), number)); got != 200 {
		t.Fatal(got)
	}
	eventually(t, "the manager's screen to have the call", func() bool {
		return manager.some(func(e client.StreamEvent) bool { return e.Type == "call" })
	})
	eventually(t, "the other's screen to have the feed", func() bool {
		return other.some(func(e client.StreamEvent) bool { return e.Type == "presence" })
	})
	var spans tracetest.SpanStubs
	eventually(t, "the way to be told", func() bool {
		spans = kept.GetSpans()
		return strings.Contains(fmt.Sprint(names(spans)), "stream") && strings.Contains(fmt.Sprint(names(spans)), "webhook")
	})
	tree := map[string]string{} // span → its parent
	byID := map[string]string{}
	for _, span := range spans {
		byID[span.SpanContext.SpanID().String()] = span.Name
	}
	for _, span := range spans {
		if _, twice := tree[span.Name]; twice {
			t.Errorf("%s is there twice", span.Name)
		}
		tree[span.Name] = byID[span.Parent.SpanID().String()]
		if span.SpanContext.TraceID() != spans[0].SpanContext.TraceID() {
			t.Errorf("%s is of another trace", span.Name)
		}
		if span.EndTime.Before(span.StartTime) {
			t.Errorf("%s ends before it begins", span.Name)
		}
		if told := fmt.Sprint(span.Attributes, span.Events, span.Status); strings.Contains(told, number) || strings.Contains(told, "Соколова") {
			t.Errorf("%s tells of whom: %s", span.Name, told)
		}
		for _, a := range span.Attributes {
			if !slices.Contains(harmless, a.Key) {
				t.Errorf("%s tells %s", span.Name, a.Key)
			}
		}
	}
	want := map[string]string{"webhook": "", "parse": "webhook", "commit": "webhook", "stream": "commit"}
	if fmt.Sprint(tree) != fmt.Sprint(want) {
		t.Errorf("the way is %v, want %v", tree, want)
	}
}

// harmless are the attributes that say nothing of people.
var harmless = []attribute.Key{tracing.Kind, tracing.Outcome, tracing.Status, tracing.Request, tracing.Events, tracing.Calls, tracing.Sequence}

func names(spans tracetest.SpanStubs) (all []string) {
	for _, s := range spans {
		all = append(all, s.Name)
	}
	return all
}

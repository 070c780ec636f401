package tracing_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"

	"dozvon/app/server/tracing"
)

func TestFromEnvironment_isOnWhereTheStandardVariablesSaySo(t *testing.T) {
	t.Parallel()
	const somewhere = "http://127.0.0.1:4318"
	for _, tt := range []struct {
		env  map[string]string
		on   bool
		says string
	}{
		{nil, false, ""},
		{map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": somewhere}, true, ""},
		{map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": somewhere}, true, ""},
		{map[string]string{"OTEL_TRACES_EXPORTER": "otlp"}, true, ""},
		{map[string]string{"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": somewhere}, false, ""},
		{map[string]string{"OTEL_SDK_DISABLED": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": somewhere}, false, ""},
		{map[string]string{"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}, true, ""},
		{map[string]string{"OTEL_TRACES_EXPORTER": "zipkin"}, false, "otlp or none"},
		{map[string]string{"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, false, "http/protobuf"},
		{map[string]string{"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, false, ""},
	} {
		p, err := tracing.FromEnvironment(t.Context(), "1", func(name string) string { return tt.env[name] })
		if p.On() != tt.on || (err == nil) != (tt.says == "") || err != nil && !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%v: on %v, %v", tt.env, p.On(), err)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
}

// What the variables say is what a collector gets: it sets the environment, so it is not parallel.
func TestFromEnvironment_sendsToACollectorByOTLP(t *testing.T) {
	var got []*collector.ExportTraceServiceRequest
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var req collector.ExportTraceServiceRequest
		if err = errors.Join(err, proto.Unmarshal(body, &req)); err != nil || r.URL.Path != "/v1/traces" || r.Header.Get("X-Tenant") != "school" {
			t.Errorf("%s %v: %v", r.URL.Path, r.Header, err)
		}
		got = append(got, &req)
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	defer srv.Close()
	env := map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": srv.URL, "OTEL_EXPORTER_OTLP_HEADERS": "x-tenant=school", "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=test"}
	for name, value := range env {
		t.Setenv(name, value)
	}
	p, err := tracing.FromEnvironment(t.Context(), "1.2.3", func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	ctx, whole := p.Tracer().Start(t.Context(), "webhook")
	_, part := tracing.Step(ctx, "parse")
	tracing.End(part, errors.New("+79145550148 is no number"))
	whole.End()
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || len(got[0].GetResourceSpans()) != 1 {
		t.Fatalf("%v", got)
	}
	told := got[0].String()
	for _, want := range []string{"dozvon-server", "1.2.3", "deployment.environment.name", "webhook", "parse", "STATUS_CODE_ERROR"} {
		if !strings.Contains(told, want) {
			t.Errorf("it lacks %s: %s", want, told)
		}
	}
	if strings.Contains(told, "9145550148") {
		t.Errorf("the error is told: %s", told)
	}
}

func TestStep_isPartOfWhatIsFollowedAndOfNothingElse(t *testing.T) {
	t.Parallel()
	kept := tracetest.NewInMemoryExporter()
	p := tracing.Of(sdktrace.NewTracerProvider(sdktrace.WithSyncer(kept)))
	_, alone := tracing.Step(t.Context(), "of nothing")
	alone.End()
	ctx, whole := p.Tracer().Start(t.Context(), "whole")
	_, part := tracing.Step(ctx, "part")
	part.End()
	whole.End()
	var names []string
	for _, s := range kept.GetSpans() {
		names = append(names, s.Name)
		if s.Name == "part" && s.Parent.SpanID() != whole.SpanContext().SpanID() {
			t.Error("the part is no part of the whole")
		}
	}
	if !slices.Equal(names, []string{"part", "whole"}) {
		t.Errorf("%q", names)
	}
}

// BenchmarkOff is what a webhook costs more for tracing that is off: its whole and two steps.
func BenchmarkOff(b *testing.B) {
	tracer := tracing.Provider{}.Tracer()
	ctx := b.Context()
	b.ReportAllocs()
	for b.Loop() {
		way(ctx, tracer)
	}
}

// BenchmarkOn is the same where it is on, without whoever takes the spans.
func BenchmarkOn(b *testing.B) {
	tracer := tracing.Of(sdktrace.NewTracerProvider(sdktrace.WithBatcher(discard{}))).Tracer()
	ctx := b.Context()
	b.ReportAllocs()
	for b.Loop() {
		way(ctx, tracer)
	}
}

type discard struct{}

func (discard) ExportSpans(context.Context, []sdktrace.ReadOnlySpan) error { return nil }
func (discard) Shutdown(context.Context) error                             { return nil }

func way(ctx context.Context, tracer trace.Tracer) {
	ctx, whole := tracer.Start(ctx, "webhook")
	for _, step := range []string{"parse", "commit"} {
		_, part := tracing.Step(ctx, step)
		tracing.End(part, nil)
	}
	whole.End()
}

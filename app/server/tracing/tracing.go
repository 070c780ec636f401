// Package tracing follows one webhook on its way through the server by OpenTelemetry: webhook, parse, commit, and
// each stream that a change is written to. It is off unless the standard variables say where spans go. No span holds
// a telephone number, a name, or the text of an error, which may hold either.
package tracing

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// scope names who makes the spans.
const scope = "dozvon/app/server"

// Attributes of spans, beside those of OpenTelemetry's conventions.
const (
	Kind     = attribute.Key("dozvon.pbx.kind")
	Outcome  = attribute.Key("dozvon.webhook.outcome")
	Request  = attribute.Key("dozvon.request_id")
	Events   = attribute.Key("dozvon.events")
	Calls    = attribute.Key("dozvon.calls")
	Sequence = attribute.Key("dozvon.journal.sequence")
	Status   = attribute.Key("http.response.status_code")
)

// Provider sends spans. The zero value sends none.
type Provider struct{ sdk *sdktrace.TracerProvider }

// Of is a provider with a pipeline of one's own; tests use it.
func Of(sdk *sdktrace.TracerProvider) Provider { return Provider{sdk} }

// FromEnvironment is the provider that the standard variables of OpenTelemetry ask for: on where OTEL_TRACES_EXPORTER
// is "otlp", or is empty and an OTEL_EXPORTER_OTLP_ENDPOINT is there. The other variables are read by the exporter.
func FromEnvironment(ctx context.Context, version string, getenv func(string) string) (Provider, error) {
	on, err := wanted(getenv)
	if err != nil || !on {
		return Provider{}, err
	}
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return Provider{}, fmt.Errorf("traces: %w", err)
	}
	about, err := resource.New(ctx, resource.WithTelemetrySDK(),
		resource.WithAttributes(attribute.String("service.name", "dozvon-server"), attribute.String("service.version", version)),
		resource.WithFromEnv()) // a name of the installation's own comes last
	if err != nil {
		return Provider{}, fmt.Errorf("traces: reading OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	return Provider{sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(about))}, nil
}

// first is the first variable that says something.
func first(getenv func(string) string, names ...string) string {
	for _, name := range names {
		if value := getenv(name); value != "" {
			return value
		}
	}
	return ""
}

func wanted(getenv func(string) string) (bool, error) {
	if strings.EqualFold(getenv("OTEL_SDK_DISABLED"), "true") {
		return false, nil
	}
	switch exporter := getenv("OTEL_TRACES_EXPORTER"); exporter {
	case "none":
		return false, nil
	case "otlp":
	case "":
		if first(getenv, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT") == "" {
			return false, nil
		}
	default:
		return false, fmt.Errorf("OTEL_TRACES_EXPORTER %q: otlp or none expected", exporter)
	}
	protocol := first(getenv, "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
	if protocol != "" && protocol != "http/protobuf" {
		return false, fmt.Errorf("OTEL_EXPORTER_OTLP_PROTOCOL %q: http/protobuf expected, other protocols are not spoken", protocol)
	}
	return true, nil
}

// Tracer makes the first span of a way.
func (p Provider) Tracer() trace.Tracer {
	if p.sdk == nil {
		return noop.NewTracerProvider().Tracer(scope)
	}
	return p.sdk.Tracer(scope)
}

// On tells whether spans go anywhere.
func (p Provider) On() bool { return p.sdk != nil }

// flushLimit bounds how long the end of the server waits for whoever takes the spans.
const flushLimit = 5 * time.Second

// Close sends what waits.
func (p Provider) Close() error {
	if p.sdk == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), flushLimit)
	defer cancel()
	err := p.sdk.Shutdown(ctx)
	if err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("sending the last traces: %w", err)
	}
	return nil
}

// Step begins a part of the way that ctx is of. Where nobody follows it, it costs a look.
func Step(ctx context.Context, name string) (context.Context, trace.Span) {
	whole := trace.SpanFromContext(ctx)
	if !whole.IsRecording() {
		return ctx, noop.Span{}
	}
	return whole.TracerProvider().Tracer(scope).Start(ctx, name)
}

// End ends a span; of an error it tells only that there was one.
func End(span trace.Span, err error) {
	if err != nil {
		span.SetStatus(codes.Error, "")
	}
	span.End()
}

// Handed notes that a change was written to a stream: from its commit until now, as a part of the way on which it
// was committed.
func Handed(tracer trace.Tracer, of trace.SpanContext, committed time.Time, sequence int64) {
	ctx := trace.ContextWithSpanContext(context.Background(), of)
	_, span := tracer.Start(ctx, "stream", trace.WithTimestamp(committed), trace.WithAttributes(Sequence.Int64(sequence)))
	span.End()
}

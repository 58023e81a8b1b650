/** The layers of a chart's specification, as far as their colours are concerned. */
import type { ChartSpec } from '../../analysis/charts/palette.ts';

/** One mark of a chart. */
export interface Layer {
  readonly mark: string;
  /** All that its colour scale gives, or its one colour; `#rrggbb` alone. */
  readonly colours: readonly string[];
  /** Whether shape, dash, or a text in each mark tells the same as the colour. */
  readonly hasSecondSign: boolean;
  /** Whether the mark is drawn with an outline of its own. */
  readonly isOutlined: boolean;
}

type Values = Readonly<Record<string, unknown>>;

/** Every layer of the chart and of the charts within, among them one that is drawn for each value of a field (`spec`). */
export function chartLayers(spec: ChartSpec): Layer[] {
  const parts = ['layer', 'concat', 'vconcat', 'hconcat', 'spec'].flatMap<ChartSpec>(
    (key) => (spec[key] ?? []) as ChartSpec | readonly ChartSpec[],
  );
  const hasText = ((spec.layer ?? []) as ChartSpec[]).some((layer) => markOf(layer).type === 'text');
  const inner = parts.flatMap((part) =>
    chartLayers(part).map((layer) => ({
      ...layer,
      hasSecondSign: layer.hasSecondSign || (hasText && layer.mark === 'bar'),
    })),
  );
  return spec.mark === undefined ? inner : [layerOf(spec), ...inner];
}

function layerOf(spec: ChartSpec): Layer {
  const mark = markOf(spec);
  const encoding = (spec.encoding ?? {}) as Readonly<Record<string, Values>>;
  const { color, shape, strokeDash } = encoding;
  const scale = (color?.scale ?? {}) as Values;
  const given = [...((scale.range ?? []) as unknown[]), ...(color === undefined ? [mark.color] : [])];
  return {
    mark: String(mark.type),
    colours: given.filter((colour): colour is string => /^#[0-9a-f]{6}$/i.test(String(colour))),
    hasSecondSign: [shape, strokeDash].some((sign) => sign !== undefined && sign.field === color?.field),
    isOutlined: mark.stroke !== undefined && mark.filled === true,
  };
}

function markOf({ mark }: ChartSpec): Values {
  return typeof mark === 'string' ? { type: mark } : ((mark ?? {}) as Values);
}

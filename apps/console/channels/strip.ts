import type { EChartsCoreOption } from 'echarts/core'

import { MINUTE_MS } from '../../../kernel/time.ts'
import { look } from '../../web/look.ts'
import { momentText } from '../../web/moment.ts'
import { type HealthPoint, MOST_P99_MS } from './model.ts'

/** How far back to look, and in which steps. Words: channels.strip.spans.<name>. */
export const SPANS = {
  hours: { stepMinutes: 5, steps: 48 },
  day: { stepMinutes: 30, steps: 48 },
  week: { stepMinutes: 180, steps: 56 },
} as const

export type Span = keyof typeof SPANS
export const SPAN_NAMES = Object.keys(SPANS) as Span[]

/** The steps that end with the one that runs now. */
export function rangeOf(span: Span, now: Date): { from: Date; to: Date; stepMinutes: number } {
  const { stepMinutes, steps } = SPANS[span]
  const stepMs = stepMinutes * MINUTE_MS
  const end = (Math.floor(now.getTime() / stepMs) + 1) * stepMs
  return { from: new Date(end - steps * stepMs), to: new Date(end), stepMinutes }
}

export type StripStep = { at: Date; calls: number; failures: number; p99Ms: number | null }

/** Every step of the range, also those without a call, which the hub leaves out. */
export function stepsOf(
  points: readonly HealthPoint[],
  { from, to, stepMinutes }: ReturnType<typeof rangeOf>,
): StripStep[] {
  const known = new Map(points.map((point) => [new Date(point.at).getTime(), point]))
  const steps: StripStep[] = []
  for (let at = from.getTime(); at < to.getTime(); at += stepMinutes * MINUTE_MS) {
    const point = known.get(at)
    steps.push({
      at: new Date(at),
      calls: point?.calls ?? 0,
      failures: point ? point.unknown + point.failed : 0,
      p99Ms: point?.p99Ms ?? null,
    })
  }
  return steps
}

type StripWords = { good: string; failures: string; p99: string; limit: string; ms: string }

/** Calls as bars, those that failed on top of them, and the response time as a line against what is allowed. */
export function stripOption(
  steps: readonly StripStep[],
  span: Span,
  words: StripWords,
): EChartsCoreOption {
  const form = span === 'week' ? 'moment' : 'time'
  const bar = { type: 'bar', stack: 'calls', barMaxWidth: 14 }
  const line = { type: 'line', yAxisIndex: 1, showSymbol: false }
  const axis = { axisLabel: { color: look.color.textSecondary }, splitNumber: 3, minInterval: 1 }
  return {
    animation: false,
    grid: { left: 8, right: 8, top: 28, bottom: 4, containLabel: true },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'shadow' },
      textStyle: { fontFamily: look.font.family, color: look.color.text },
    },
    xAxis: {
      type: 'category',
      data: steps.map(({ at }) => momentText(at, form, 'zh-CN')),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: look.color.lineStrong } },
      axisLabel: { color: look.color.textSecondary },
    },
    yAxis: [
      { type: 'value', ...axis, splitLine: { lineStyle: { color: look.color.line } } },
      { ...axis, ...scaleOf(steps), type: 'value', name: words.ms, splitLine: { show: false } },
    ],
    series: [
      {
        ...bar,
        name: words.good,
        itemStyle: { color: look.tender.account },
        data: steps.map(({ calls, failures }) => calls - failures),
      },
      {
        ...bar,
        name: words.failures,
        itemStyle: { color: look.color.moneyOut },
        data: steps.map(({ failures }) => failures),
      },
      {
        ...line,
        name: words.p99,
        showSymbol: true,
        symbolSize: 4,
        itemStyle: { color: look.tender.commercial },
        data: steps.map(({ p99Ms }) => p99Ms),
      },
      {
        ...line,
        name: words.limit,
        lineStyle: { type: 'dashed', width: 1 },
        itemStyle: { color: look.color.moneyHeld },
        data: steps.map(() => MOST_P99_MS),
      },
    ],
  }
}

/** The limit is always in sight, with some room above it, and one of the marks of the axis. */
function scaleOf(steps: readonly StripStep[]): { max: number; interval: number } {
  const slowest = Math.max(0, ...steps.map(({ p99Ms }) => p99Ms ?? 0))
  const limits = Math.max(2, Math.ceil(slowest / MOST_P99_MS))
  const max = limits * MOST_P99_MS
  return { max, interval: limits <= 4 ? MOST_P99_MS : max }
}

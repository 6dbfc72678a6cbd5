import type { EChartsCoreOption } from 'echarts/core'

import { amountText } from '../../web/amount.ts'
import { look } from '../../web/look.ts'
import { percentText } from '../channels/ratio.ts'
import { BAD_BUCKETS, type LoanFigures, type Portfolio, type PortfolioFigures } from './model.ts'

const TEXT = { fontFamily: look.font.family, color: look.color.text }

const BASE = {
  animation: false,
  grid: { left: 8, right: 8, top: 24, bottom: 4, containLabel: true },
}

const xAxis = (data: readonly string[]) => ({
  type: 'category',
  data,
  axisTick: { show: false },
  axisLine: { lineStyle: { color: look.color.lineStrong } },
  axisLabel: { color: look.color.textSecondary, interval: 0, hideOverlap: true },
})

const yAxis = (formatter: (value: number) => string) => ({
  type: 'value',
  splitNumber: 4,
  splitLine: { lineStyle: { color: look.color.line } },
  axisLabel: { color: look.color.textSecondary, formatter },
})

const tooltip = (formatter: (value: unknown) => string) => ({
  trigger: 'axis',
  axisPointer: { type: 'shadow' },
  textStyle: TEXT,
  valueFormatter: formatter,
})

const amount = (value: unknown) => amountText(Number(value))
/** For the axis only, where whole yuan are enough: "¥12,000". */
const shortAmount = (amountFen: number) => amountText(Math.round(amountFen)).replace(/\.\d\d$/, '')

/** Open principal by days overdue: what is not overdue, what is, and what counts as bad. */
export function ageingOption(
  buckets: PortfolioFigures['buckets'],
  word: (bucket: string) => string,
): EChartsCoreOption {
  return {
    ...BASE,
    tooltip: tooltip(amount),
    xAxis: xAxis(buckets.map(({ name }) => word(name))),
    yAxis: yAxis(shortAmount),
    series: [
      {
        type: 'bar',
        barMaxWidth: 48,
        cursor: 'pointer',
        data: buckets.map(({ name, principalFen }) => ({
          value: principalFen,
          itemStyle: { color: colorOf(name) },
        })),
      },
    ],
  }
}

function colorOf(bucket: string): string {
  if (bucket === 'current') return look.color.primary
  return BAD_BUCKETS.has(bucket) ? look.color.moneyOut : look.color.moneyHeld
}

/** What falls due on each of the coming days. */
export const comingOption = (coming: LoanFigures['coming']): EChartsCoreOption => ({
  ...BASE,
  tooltip: tooltip(amount),
  xAxis: xAxis(coming.map(({ dueOn }) => dueOn.slice(5))),
  yAxis: yAxis(shortAmount),
  series: [
    {
      type: 'bar',
      barMaxWidth: 34,
      itemStyle: { color: look.color.primary },
      data: coming.map(({ amountFen }) => amountFen),
    },
  ],
})

/** Open principal as bars and the bad-debt ratio as a line, evening by evening, the oldest first. */
export function trendOption(
  days: Portfolio['days'],
  words: { principal: string; badDebt: string },
): EChartsCoreOption {
  return {
    ...BASE,
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, textStyle: TEXT },
    xAxis: xAxis(days.map(({ date }) => date.slice(5))),
    yAxis: [
      yAxis(shortAmount),
      { ...yAxis((ppm) => percentText(Math.round(ppm))), splitLine: { show: false }, min: 0 },
    ],
    series: [
      {
        type: 'bar',
        name: words.principal,
        barMaxWidth: 24,
        itemStyle: { color: look.color.primary },
        tooltip: { valueFormatter: amount },
        data: days.map(({ portfolio }) => portfolio.principalFen),
      },
      {
        type: 'line',
        name: words.badDebt,
        yAxisIndex: 1,
        symbolSize: 6,
        itemStyle: { color: look.color.moneyOut },
        tooltip: { valueFormatter: (value: unknown) => percentText(Number(value)) },
        data: days.map(({ portfolio }) => portfolio.badDebtPpm),
      },
    ],
  }
}

import type { EChartsCoreOption } from 'echarts/core'

import type { FinanceDay } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { look } from '../../web/look.ts'
import { COLOR_OF_PART, kindsShown, type PartKind } from '../../web/tenders.ts'
import { totalOfMoves } from '../list/sums.ts'

/** Seven days: what was taken, stacked by who bears it, above the line; what went back below it. */
export function trendOption(
  days: readonly Pick<FinanceDay, 'date' | 'moves'>[],
  words: { part: (part: PartKind) => string; returned: string },
): EChartsCoreOption {
  const bar = { type: 'bar', stack: 'day', barMaxWidth: 34, cursor: 'pointer' }
  return {
    animation: false,
    grid: { left: 8, right: 8, top: 16, bottom: 4, containLabel: true },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'shadow' },
      textStyle: { fontFamily: look.font.family, color: look.color.text },
      valueFormatter: (value: unknown) => amountText(Number(value)),
    },
    xAxis: {
      type: 'category',
      data: days.map(({ date }) => date.slice(5)),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: look.color.lineStrong } },
      axisLabel: { color: look.color.textSecondary, interval: 0 },
    },
    yAxis: {
      type: 'value',
      splitNumber: 4,
      splitLine: { lineStyle: { color: look.color.line } },
      axisLabel: { color: look.color.textSecondary, formatter: shortAmount },
    },
    series: [
      ...kindsOf(days).map((part) => ({
        ...bar,
        name: words.part(part),
        itemStyle: { color: COLOR_OF_PART[part] },
        data: days.map((day) => totalOfMoves(day.moves, { kind: 'charge', part }).amountFen),
      })),
      {
        ...bar,
        name: words.returned,
        itemStyle: { color: look.color.moneyOut },
        data: days.map((day) => totalOfMoves(day.moves, { kind: 'return' }).amountFen),
      },
    ],
  }
}

/** Who bore anything in these days, the usual three always. */
export const kindsOf = (days: readonly Pick<FinanceDay, 'moves'>[]): PartKind[] =>
  kindsShown(days.flatMap(({ moves }) => moves.map(({ part }) => part)))

/** For the axis only, where whole yuan are enough: "¥12,000". */
const shortAmount = (amountFen: number) => amountText(amountFen).replace(/\.\d\d$/, '')

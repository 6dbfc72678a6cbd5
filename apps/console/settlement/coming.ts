import type { EChartsCoreOption } from 'echarts/core'

import { addDays, type BusinessDate } from '../../../kernel/time.ts'
import { amountText } from '../../web/amount.ts'
import { look } from '../../web/look.ts'
import type { PayoutDay } from './model.ts'

export type ComingDay = {
  date: BusinessDate
  count: number
  openFen: number
  byProvider: PayoutDay[]
}

/** Pure: every day from the first on, also those on which nothing is expected. */
export function comingDays(
  items: readonly PayoutDay[],
  first: BusinessDate,
  days: number,
): ComingDay[] {
  return Array.from({ length: days }, (_, i) => {
    const date = addDays(first, i)
    const byProvider = items.filter(({ expectedOn, openFen }) => expectedOn === date && openFen > 0)
    return {
      date,
      byProvider,
      count: byProvider.reduce((sum, { count }) => sum + count, 0),
      openFen: byProvider.reduce((sum, { openFen }) => sum + openFen, 0),
    }
  })
}

/** A bar for each day, its amount above it. */
export const comingOption = (days: readonly ComingDay[]): EChartsCoreOption => ({
  animation: false,
  grid: { left: 8, right: 8, top: 24, bottom: 4, containLabel: true },
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
    axisLabel: { color: look.color.textSecondary },
  },
  yAxis: {
    type: 'value',
    splitNumber: 3,
    splitLine: { lineStyle: { color: look.color.line } },
    axisLabel: {
      color: look.color.textSecondary,
      // For the axis only, where whole yuan are enough.
      formatter: (amountFen: number) => amountText(amountFen).replace(/\.\d\d$/, ''),
    },
  },
  series: [
    {
      type: 'bar',
      barMaxWidth: 34,
      cursor: 'pointer',
      itemStyle: { color: look.color.primary },
      data: days.map(({ openFen }) => openFen),
    },
  ],
})

import type { EChartsCoreOption } from 'echarts/core'

import { MINUTE_MS } from '../../../kernel/time.ts'
import { look } from '../../web/look.ts'
import type { Accuracy } from './words.ts'

/** Two bars for each doctor: how far off what was told is, and how far a naive mean would be. In minutes. */
export const accuracyOption = (
  rows: readonly Accuracy[],
  names: { ours: string; naive: string },
): EChartsCoreOption => ({
  animation: false,
  grid: { left: 8, right: 8, top: 24, bottom: 4, containLabel: true },
  tooltip: {
    trigger: 'axis',
    axisPointer: { type: 'shadow' },
    textStyle: { fontFamily: look.font.family, color: look.color.text },
  },
  xAxis: {
    type: 'category',
    data: rows.map(({ departmentName, doctorName }) => doctorName || departmentName),
    axisTick: { show: false },
    axisLabel: { color: look.color.textSecondary },
  },
  yAxis: {
    type: 'value',
    splitNumber: 3,
    splitLine: { lineStyle: { color: look.color.line } },
    axisLabel: { color: look.color.textSecondary },
  },
  series: [
    barsOf(
      names.ours,
      look.color.primary,
      rows.map(({ errorMs }) => errorMs),
    ),
    barsOf(
      names.naive,
      look.color.lineStrong,
      rows.map(({ naiveErrorMs }) => naiveErrorMs),
    ),
  ],
})

const barsOf = (name: string, color: string, data: readonly number[]) => ({
  name,
  type: 'bar',
  barMaxWidth: 34,
  itemStyle: { color },
  data: data.map((ms) => Math.round((10 * ms) / MINUTE_MS) / 10),
})

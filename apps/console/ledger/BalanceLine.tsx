import type { EChartsCoreOption } from 'echarts/core'

import type { components } from '../../../contract/hub.d.ts'
import { amountText } from '../../web/amount.ts'
import { look } from '../../web/look.ts'
import { api } from '../api.ts'
import { Chart } from '../charts/Chart.tsx'
import { useStaff } from '../shell/staff.ts'
import { useLedgerWords } from './words.ts'

type Balances = components['schemas']['LedgerBalances']
type Range = { account: string; from: string; to: string }

/** The balance day by day, drawn as steps: between two days on which something moved it stood still. */
export function BalanceLine({ account, from, to }: Range) {
  const { t } = useLedgerWords()
  const { hospitalId } = useStaff()
  const { data } = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/ledger/balances', {
    params: { path: { hospitalId }, query: { account, from, to } },
  })
  // The table below says the same: without its figures the picture stays away.
  if (!data || data.items.length === 0) return null
  const closing = amountText(data.items.at(-1)?.balanceFen ?? data.openingFen)
  return (
    <section className="card ledger-line" aria-labelledby="line-title">
      <h2 id="line-title">{t('statement.chart')}</h2>
      <Chart
        option={stepsOf(data, { from, to })}
        label={t('statement.line', { from, to, closing })}
      />
    </section>
  )
}

function stepsOf({ openingFen, items }: Balances, { from, to }: Omit<Range, 'account'>) {
  const points: [string, number][] = [[from, openingFen]]
  for (const { date, balanceFen } of items) points.push([date, balanceFen])
  const last = points.at(-1)
  if (last && last[0] < to) points.push([to, last[1]])
  return {
    animation: false,
    grid: { left: 8, right: 16, top: 12, bottom: 4, containLabel: true },
    tooltip: {
      trigger: 'axis',
      textStyle: { fontFamily: look.font.family, color: look.color.text },
      valueFormatter: (value: unknown) => amountText(Number(value)),
    },
    xAxis: {
      type: 'time',
      axisLine: { lineStyle: { color: look.color.lineStrong } },
      axisLabel: { color: look.color.textSecondary, formatter: '{MM}-{dd}', hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      splitNumber: 2,
      splitLine: { lineStyle: { color: look.color.line } },
      axisLabel: { color: look.color.textSecondary, formatter: wholeYuan },
    },
    series: [
      {
        type: 'line',
        step: 'end',
        symbolSize: 5,
        lineStyle: { color: look.color.primary, width: 2 },
        itemStyle: { color: look.color.primary },
        areaStyle: { color: look.color.primary, opacity: 0.08 },
        data: points,
      },
    ],
  } satisfies EChartsCoreOption
}

/** For the axis only, where whole yuan are enough. */
const wholeYuan = (amountFen: number) => amountText(Math.round(amountFen)).replace(/\.\d\d$/, '')

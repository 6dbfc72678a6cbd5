import { Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'

import type { FinanceDay } from '../../../contract/client.ts'
import { Chart } from '../charts/Chart.tsx'
import { Empty } from '../list/Empty.tsx'
import { useProviderName } from '../shell/use-names.ts'
import { flowOption } from './flow-option.ts'
import { type FlowNode, moneyFlowOf } from './money-flow.ts'
import { MoneyTable } from './MoneyTable.tsx'

/** Who bears the day's money, who collected it and where it stayed: a picture, and its table twin. */
export function FlowCard({ moves }: { moves: FinanceDay['moves'] | undefined }) {
  const { t } = useTranslation()
  return (
    <section className="card card-wide" aria-labelledby="flow-title">
      <h2 id="flow-title">{t('today.flow.title')}</h2>
      {moves === undefined && <Skeleton active paragraph={{ rows: 6 }} />}
      {moves?.length === 0 && <Empty text={t('today.flow.empty')} />}
      {moves && moves.length > 0 && (
        <div className="flow">
          <FlowPicture moves={moves} />
          <MoneyTable moves={moves} />
        </div>
      )}
    </section>
  )
}

function FlowPicture({ moves }: { moves: FinanceDay['moves'] }) {
  const { t } = useTranslation()
  const nameOf = useProviderName()
  const links = moneyFlowOf(moves)
  if (links === null) return <p className="fine">{t('today.flow.noPicture')}</p>
  const wordOf = ({ kind, name }: FlowNode) => {
    if (kind === 'provider') return nameOf(name)
    return kind === 'part' ? t(`parts.${name}`) : t(`today.flow.ends.${name}`)
  }
  return <Chart label={t('today.flow.label')} option={flowOption(links, wordOf)} />
}

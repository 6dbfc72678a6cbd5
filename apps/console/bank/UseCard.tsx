import { Link } from '@tanstack/react-router'
import { Skeleton } from 'antd'

import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { useStaff } from '../shell/staff.ts'
import type { LineUse } from './model.ts'
import { Scroll } from './Scroll.tsx'
import { useLineUse } from './use-overview.ts'
import { UseBar } from './UseBar.tsx'
import { useBankWords } from './words.ts'

/** Limits granted and how much of them is in use, by the state of the account. */
export function UseCard() {
  const { t } = useBankWords()
  const { hospitalId } = useStaff()
  const { data, error, refetch } = useLineUse(hospitalId)
  return (
    <section className="card" aria-labelledby="use-title">
      <div className="card-head">
        <h2 id="use-title">{t('overview.use.title')}</h2>
        <Link to="/bank/hospitals">{t('console:menu.hospitalLimits')}</Link>
      </div>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton active paragraph={{ rows: 4 }} />}
      {data?.byStatus.length === 0 && <Empty text={t('overview.use.empty')} />}
      {data && data.byStatus.length > 0 && <Use use={data} />}
    </section>
  )
}

function Use({ use }: { use: LineUse }) {
  const { t } = useBankWords()
  const { limitFen, drawnFen, reservedFen } = use.all
  const label = t('overview.use.bar', {
    limit: amountText(limitFen),
    drawn: amountText(drawnFen),
    reserved: amountText(reservedFen),
  })
  return (
    <>
      <UseBar label={label} limitFen={limitFen} drawnFen={drawnFen} reservedFen={reservedFen} />
      <p className="fine">{label}</p>
      <Scroll label={t('overview.use.title')}>
        <table className="data-table">
          <thead>
            <tr>
              <th scope="col">{t('overview.use.status')}</th>
              <th scope="col" className="is-number">
                {t('overview.use.lines')}
              </th>
              <th scope="col" className="is-number">
                {t('overview.use.limit')}
              </th>
              <th scope="col" className="is-number">
                {t('overview.use.drawn')}
              </th>
            </tr>
          </thead>
          <tbody>
            {use.byStatus.map((row) => (
              <tr key={row.status}>
                <td>
                  <Link to="/bank/lines" search={{ status: row.status }}>
                    {t(`statuses.line.${row.status}`)}
                  </Link>
                </td>
                <td className="is-number">{row.lines}</td>
                <td className="is-number">
                  <Amount fen={row.limitFen} />
                </td>
                <td className="is-number">
                  <Amount fen={row.drawnFen} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  )
}

import { Link, useNavigate } from '@tanstack/react-router'
import { Skeleton } from 'antd'

import { addDays } from '../../../kernel/time.ts'
import { Amount } from '../../web/Amount.tsx'
import { api } from '../api.ts'
import { Chart } from '../charts/Chart.tsx'
import { today } from '../clock.ts'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { useStaff } from '../shell/staff.ts'
import { useProviderName } from '../shell/use-names.ts'
import { type ComingDay, comingDays, comingOption } from './coming.ts'
import { useSettlementWords } from './words.ts'

const DAYS = 14

/** What is expected in the days that come: a picture, and its table twin one press away. */
export function ComingCard() {
  const { t } = useSettlementWords()
  const { hospitalId } = useStaff()
  const navigate = useNavigate()
  const from = today()
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/settlement/payout-days',
    { params: { path: { hospitalId }, query: { from, to: addDays(from, DAYS - 1) } } },
  )
  const days = data && comingDays(data.items, from, DAYS)
  const isEmpty = days?.every(({ openFen }) => openFen === 0)
  const show = ({ dataIndex }: { dataIndex: number }) => {
    const expectedOn = days?.[dataIndex]?.date
    if (expectedOn) void navigate({ to: '/settlement/batches', search: { expectedOn } })
  }
  return (
    <section className="card" aria-labelledby="coming-title">
      <h2 id="coming-title">{t('coming.title', { days: DAYS })}</h2>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!days && error === null && <Skeleton active paragraph={{ rows: 6 }} />}
      {isEmpty && <Empty text={t('coming.empty')} />}
      {days && !isEmpty && (
        <>
          <Chart label={t('coming.label')} option={comingOption(days)} onPick={show} />
          <ComingTable days={days.filter(({ openFen }) => openFen > 0)} />
        </>
      )}
    </section>
  )
}

function ComingTable({ days }: { days: readonly ComingDay[] }) {
  const { t } = useSettlementWords()
  const nameOf = useProviderName()
  return (
    <details>
      <summary>{t('coming.table')}</summary>
      <table className="data-table">
        <thead>
          <tr>
            <th scope="col">{t('expectedOn')}</th>
            <th scope="col">{t('provider')}</th>
            <th scope="col" className="is-number">
              {t('open')}
            </th>
          </tr>
        </thead>
        <tbody>
          {days.map(({ date, byProvider, openFen }) => (
            <tr key={date}>
              <td>
                <Link to="/settlement/batches" search={{ expectedOn: date }}>
                  {date}
                </Link>
              </td>
              <td>{byProvider.map(({ provider }) => nameOf(provider)).join('、')}</td>
              <td className="is-number">
                <Link to="/settlement/batches" search={{ expectedOn: date, status: 'open' }}>
                  <Amount fen={openFen} />
                </Link>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}

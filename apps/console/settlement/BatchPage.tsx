import { getRouteApi, Link } from '@tanstack/react-router'
import { Skeleton } from 'antd'
import type { ReactNode } from 'react'

import { type BusinessDate, isBusinessDate } from '../../../kernel/time.ts'
import { Amount } from '../../web/Amount.tsx'
import { api } from '../api.ts'
import { Fault } from '../list/Fault.tsx'
import { SignedAmount } from '../list/SignedAmount.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { Icon } from '../shell/Icon.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { useProviderName } from '../shell/use-names.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { AllocationsCard, FeeCard, ListsCard } from './batch-cards.tsx'
import { type Batch, type BatchVersion, openFenOf } from './model.ts'
import { LOOK_OF_BATCH, useSettlementWords } from './words.ts'

/** One provider's date: how its amount comes about, the lists it is of, and the receipts it came by. */
export function BatchPage() {
  const { t } = useSettlementWords()
  const { provider, day } = getRouteApi('/office/settlement/batches/$provider/$day').useParams()
  const { hospitalId } = useStaff()
  const nameOf = useProviderName()
  usePageTitle(`${nameOf(provider)} ${day}`)
  const path = { hospitalId, provider, date: day }
  const batch = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/settlement/batches/{provider}/{date}',
    { params: { path, query: { afterLine: 0 } } },
  )
  const versions = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/settlement/batches/{provider}/{date}/versions',
    { params: { path } },
  )
  const { data } = batch
  const error = batch.error ?? versions.error
  const newest = versions.data?.items[0]
  return (
    <div className="page bank-list settlement-page">
      <p className="crumbs">
        <Link to="/settlement/batches">{t('tabs.batches')}</Link> <Icon name="right" />
      </p>
      {error !== null && (
        <Fault
          error={error}
          onRetry={() => void (batch.error === null ? versions : batch).refetch()}
        />
      )}
      {!data && error === null && <Skeleton active paragraph={{ rows: 8 }} />}
      {data && (
        <>
          <Head batch={data.batch} />
          <div className="object">
            <div className="object-main">
              {newest && <SumCard batch={data.batch} newest={newest} />}
              <AllocationsCard allocations={data.allocations} />
            </div>
            <div className="object-side">
              <FeeCard batch={data.batch} differences={data.feeDifferences} />
              {versions.data && <ListsCard versions={versions.data.items} />}
            </div>
          </div>
        </>
      )}
    </div>
  )
}

function Head({ batch }: { batch: Batch }) {
  const { t } = useSettlementWords()
  const staff = useStaff()
  const nameOf = useProviderName()
  const { provider, date, status, expectedOn, lateOn, account, calendarKnown } = batch
  return (
    <header className="object-head bank-head">
      <div>
        <h1>
          {nameOf(provider)} {date}{' '}
          <StatusChip {...LOOK_OF_BATCH[status]} text={t(`statuses.${status}`)} />
        </h1>
        <ul className="object-facts">
          {expectedOn !== null && <li>{t('batch.expectedOn', { day: expectedOn })}</li>}
          {lateOn !== null && <li>{t('batch.lateOn', { day: lateOn })}</li>}
          {account !== null && <li>{t('batch.account', { account })}</li>}
        </ul>
        {expectedOn !== null && !calendarKnown && (
          <p className="notice-held">
            <Icon name="alert" /> {t('batch.noCalendar')}{' '}
            <Link to="/settlement/calendars">{t('tabs.calendars')}</Link>
          </p>
        )}
        {status === 'no_contract' && (
          <p className="notice-held">
            <Icon name="alert" /> {t('batch.noContract')}{' '}
            {may(staff, 'reconcile') && (
              <Link to="/settlement/contracts/new" search={{ provider }}>
                {t('contracts.propose')}
              </Link>
            )}
          </p>
        )}
      </div>
    </header>
  )
}

type Row = {
  name: string
  fen: number
  isSum?: boolean
  isMoved?: boolean
  wrap?: (figure: ReactNode) => ReactNode
}

/** From the charges on the list to what is still to come, line by line. */
function SumCard({ batch, newest }: { batch: Batch; newest: BatchVersion }) {
  const { t } = useSettlementWords()
  const isContract = batch.status !== 'no_contract'
  const isNet = batch.payoutFen === newest.chargeFen - newest.returnFen - newest.feeFen
  const rows: Row[] = [
    {
      name: t('batch.charges'),
      fen: newest.chargeFen,
      isMoved: true,
      wrap: (figure) => <LinesLink batch={batch} kind="charge" figure={figure} />,
    },
    {
      name: t('batch.returns'),
      fen: 0 - newest.returnFen,
      isMoved: true,
      wrap: (figure) => <LinesLink batch={batch} kind="return" figure={figure} />,
    },
    ...(isNet ? [{ name: t('batch.fee'), fen: 0 - newest.feeFen }] : []),
    ...(isContract
      ? [
          { name: t('batch.payout'), fen: batch.payoutFen, isSum: true },
          { name: t('batch.received'), fen: 0 - batch.receivedFen },
          { name: t('batch.open'), fen: openFenOf(batch), isSum: true },
        ]
      : []),
  ]
  return (
    <section className="card" aria-labelledby="sum-title">
      <h2 id="sum-title">{t('batch.sumTitle')}</h2>
      <table className="data-table settlement-steps">
        <caption className="visually-hidden">{t('batch.sumTitle')}</caption>
        <tbody>
          {rows.map(({ name, fen, isSum, isMoved, wrap }) => {
            const figure = isMoved ? <SignedAmount fen={fen} /> : <Amount fen={fen} />
            return (
              <tr key={name} className={isSum ? 'is-sum' : ''}>
                <th scope="row">{name}</th>
                <td className="is-number">{wrap ? wrap(figure) : figure}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {!isNet && isContract && <p className="fine">{t('batch.gross')}</p>}
      {newest.moves.length > 0 && <PartsTable newest={newest} />}
    </section>
  )
}

type LinesLinkProps = { batch: Batch; kind: 'charge' | 'return'; figure: ReactNode }

/** The rows of the provider's list stand where it is compared with ours. */
function LinesLink({ batch: { provider, date }, kind, figure }: LinesLinkProps) {
  if (!isBusinessDate(date)) return figure
  const search = { date: date as BusinessDate, view: 'lines' as const, source: provider, kind }
  return (
    <Link to="/reconciliation/day" search={search}>
      {figure}
    </Link>
  )
}

/** What of it stands in the books: by who pays, the fee, and what others have of it. */
function PartsTable({ newest: { moves } }: { newest: BatchVersion }) {
  const { t } = useSettlementWords()
  const nameOf = (name: string) => {
    const [kind = '', rest = ''] = name.split('/')
    if (kind === 'part') return t(`console:parts.${rest}`, { defaultValue: rest })
    return kind === 'fee' ? t(`batch.moves.fee_${rest}`) : t('batch.moves.share', { party: rest })
  }
  return (
    <>
      <h3 className="bank-title">{t('batch.parts')}</h3>
      <table className="data-table">
        <caption className="visually-hidden">{t('batch.parts')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('batch.part')}</th>
            <th scope="col" className="is-number">
              {t('amount')}
            </th>
          </tr>
        </thead>
        <tbody>
          {moves.map(({ name, amountFen }) => (
            <tr key={name}>
              <th scope="row">{nameOf(name)}</th>
              <td className="is-number">
                <Amount fen={amountFen} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

import { Link } from '@tanstack/react-router'
import { Skeleton } from 'antd'
import type { ReactNode } from 'react'

import { Amount } from '../../web/Amount.tsx'
import { api } from '../api.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { sumFen } from '../list/sums.ts'
import { useStaff } from '../shell/staff.ts'
import { useProviderName } from '../shell/use-names.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { ComingCard } from './ComingCard.tsx'
import type { ProviderStanding } from './model.ts'
import type { PayoutsSearch } from './search.ts'
import { SettlementTabs } from './SettlementTabs.tsx'
import { useSettlementWords } from './words.ts'

/** What each provider owes still, who is due first before the others; every figure leads to its batches. */
export function StandingPage() {
  const { t } = useSettlementWords()
  const { hospitalId } = useStaff()
  usePageTitle(t('title'))
  const params = { params: { path: { hospitalId } } }
  const list = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/settlement/standing/providers',
    params,
  )
  const rows = list.data?.items
  return (
    <div className="page bank-list settlement-page">
      <header className="page-head">
        <h1>{t('title')}</h1>
        <p className="fine on-wide-only">{t('hint')}</p>
      </header>
      <SettlementTabs at="standing" />
      <Identity />
      <section className="card" aria-labelledby="providers-title">
        <h2 id="providers-title">{t('standing.providers')}</h2>
        <DataTable
          label={t('standing.providers')}
          columns={useColumns(rows)}
          rows={rows}
          rowKey={({ provider }) => provider}
          query={list}
          isMarked={({ lateCount, withoutContract }) => lateCount + withoutContract > 0}
          empty={<Empty text={t('standing.empty')} />}
        />
      </section>
      <ComingCard />
    </div>
  )
}

/** Expected is received and short, less over; receipts are received and unexplained. */
function Identity() {
  const { t } = useSettlementWords()
  const { hospitalId } = useStaff()
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/settlement/standing',
    { params: { path: { hospitalId } } },
  )
  if (error !== null) return <Fault error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton active paragraph={{ rows: 2 }} />
  const figure = (name: string, fen: number, search?: PayoutsSearch) => (
    <Figure name={t(`standing.${name}`)}>
      <Link to="/settlement/batches" search={search ?? {}}>
        <Amount fen={fen} />
      </Link>
    </Figure>
  )
  return (
    <div className="settlement-sums">
      <dl className="bridge">
        {figure('expected', data.expectedFen)}
        <Sign sign="=" />
        <Figure name={t('standing.received')}>
          <Link to="/settlement/receipts" search={{ all: true }}>
            <Amount fen={data.receivedFen} />
          </Link>
        </Figure>
        <Sign sign="+" />
        {figure('short', data.shortFen, { status: 'open' })}
        <Sign sign="−" />
        {figure('over', data.overFen, { status: 'over' })}
      </dl>
      <dl className="bridge">
        <Figure name={t('standing.receipts')}>
          <Link to="/settlement/receipts" search={{ all: true }}>
            <Amount fen={data.receiptsFen} />
          </Link>
        </Figure>
        <Sign sign="=" />
        <Figure name={t('standing.received')}>
          <Amount fen={data.receivedFen} />
        </Figure>
        <Sign sign="+" />
        <Figure name={t('standing.unexplained')}>
          <Link to="/settlement/receipts">
            <Amount fen={data.unexplainedFen} />
          </Link>
        </Figure>
      </dl>
    </div>
  )
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Sign({ sign }: { sign: string }) {
  const { t } = useSettlementWords()
  return (
    <div>
      <dt className="visually-hidden">{t('console:reconciliation.bridge.sign')}</dt>
      <dd>{sign}</dd>
    </div>
  )
}

function useColumns(rows: readonly ProviderStanding[] | undefined): Column<ProviderStanding>[] {
  const { t } = useSettlementWords()
  const nameOf = useProviderName()
  const amount = (
    key: 'openFen' | 'lateFen' | 'overFen',
    status: 'open' | 'late' | 'over',
  ): Column<ProviderStanding> => ({
    key,
    title: t(`standing.columns.${key}`),
    isNumber: true,
    onWideOnly: key === 'overFen',
    sum: rows && <Amount fen={sumFen(rows, (row) => row[key])} />,
    cell: (row) => (
      <Link to="/settlement/batches" search={{ provider: row.provider, status }}>
        <Amount fen={row[key]} />
      </Link>
    ),
  })
  return [
    {
      key: 'provider',
      title: t('provider'),
      sum: t('sum'),
      cell: ({ provider }) => (
        <Link to="/settlement/batches" search={{ provider }}>
          {nameOf(provider)}
        </Link>
      ),
    },
    {
      key: 'next',
      title: t('standing.columns.next'),
      onWideOnly: true,
      cell: ({ nextExpectedOn: day }) => (day === null ? '—' : <time dateTime={day}>{day}</time>),
    },
    amount('openFen', 'open'),
    amount('lateFen', 'late'),
    amount('overFen', 'over'),
    {
      key: 'withoutContract',
      title: t('standing.columns.withoutContract'),
      isNumber: true,
      onWideOnly: true,
      cell: ({ provider, withoutContract }) =>
        withoutContract === 0 ? (
          0
        ) : (
          <Link to="/settlement/batches" search={{ provider, status: 'no_contract' }}>
            {t('standing.days', { count: withoutContract })}
          </Link>
        ),
    },
  ]
}

import { getRouteApi, Link } from '@tanstack/react-router'
import { Skeleton } from 'antd'

import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { Facts } from '../benefits/Facts.tsx'
import { CopyText } from '../list/CopyText.tsx'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { Icon } from '../shell/Icon.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { useProviderName } from '../shell/use-names.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { AssignCard } from './AssignCard.tsx'
import { useUseColumns } from './batch-cards.tsx'
import { leftFenOf, type Receipt, type ReceiptUse } from './model.ts'
import { ReceiptChip } from './ReceiptsPage.tsx'
import { useSettlementWords } from './words.ts'

/** One receipt: what the bank says of it, what it was for, and where nobody knows, a person says so. */
export function ReceiptPage() {
  const { t } = useSettlementWords()
  const staff = useStaff()
  const { account, bankRef, variant } = getRouteApi(
    '/office/settlement/receipts/$account/$bankRef/$variant',
  ).useParams()
  usePageTitle(`${t('receipt.title')} ${bankRef}`)
  const path = { hospitalId: staff.hospitalId, account, bankRef, variant: Number(variant) }
  const one = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/settlement/receipts/{account}/{bankRef}/{variant}',
    { params: { path } },
  )
  const { data, error, refetch } = one
  return (
    <div className="page bank-list settlement-page">
      <p className="crumbs">
        <Link to="/settlement/receipts">{t('tabs.receipts')}</Link> <Icon name="right" />
      </p>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton active paragraph={{ rows: 8 }} />}
      {data && (
        <>
          <header className="object-head bank-head">
            <h1>
              {t('receipt.title')} <Amount fen={data.receipt.amountFen} />{' '}
              <ReceiptChip receipt={data.receipt} />
            </h1>
          </header>
          {data.receipt.variant > 1 && (
            <p className="notice-held">
              <Icon name="alert" /> {t('receipt.variantHint')}
            </p>
          )}
          <div className="object">
            <div className="object-main">
              <FactsCard receipt={data.receipt} />
              <UsesCard uses={data.uses} />
            </div>
            <div className="object-side">
              {data.receipt.status === 'unexplained' && may(staff, 'reconcile') && (
                <AssignCard receipt={data.receipt} />
              )}
            </div>
          </div>
        </>
      )}
    </div>
  )
}

function FactsCard({ receipt }: { receipt: Receipt }) {
  const { t } = useSettlementWords()
  const { account, bankRef, bookedOn, payer, memo, status, dueAt } = receipt
  const due = { name: t('receipt.dueAt'), value: <Moment at={dueAt} form="exact" /> }
  return (
    <section className="card" aria-labelledby="bank-title">
      <h2 id="bank-title">{t('receipt.bankSays')}</h2>
      <Facts
        facts={[
          { name: t('receipt.account'), value: account },
          { name: t('receipt.number'), value: <CopyText text={bankRef} /> },
          { name: t('receipt.bookedOn'), value: <time dateTime={bookedOn}>{bookedOn}</time> },
          { name: t('receipt.payer'), value: payer || '—' },
          { name: t('receipt.memo'), value: memo || '—' },
          { name: t('receipt.left'), value: <Amount fen={leftFenOf(receipt)} /> },
          ...(status === 'unexplained' ? [due] : []),
        ]}
      />
    </section>
  )
}

const THERE = { isPending: false, error: null, isFetching: false, refetch: () => undefined }

function UsesCard({ uses }: { uses: readonly ReceiptUse[] }) {
  const { t } = useSettlementWords()
  const nameOf = useProviderName()
  const columns: Column<ReceiptUse>[] = [
    {
      key: 'batch',
      title: t('batches.columns.batch'),
      sum: t('sum'),
      cell: ({ provider, date }) => (
        <Link to="/settlement/batches/$provider/$day" params={{ provider, day: date }}>
          {nameOf(provider)} <span className="batch-day">{date}</span>
        </Link>
      ),
    },
    ...useUseColumns(uses),
  ]
  return (
    <section className="card" aria-labelledby="uses-title">
      <h2 id="uses-title">{t('receipt.uses')}</h2>
      <DataTable
        label={t('receipt.uses')}
        columns={columns}
        rows={uses}
        rowKey={({ provider, date, at }) => `${provider} ${date} ${at}`}
        query={THERE}
        empty={<Empty text={t('receipt.noUses')} />}
      />
    </section>
  )
}

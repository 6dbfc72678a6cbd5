import { Link } from '@tanstack/react-router'
import { useState } from 'react'

import { Amount } from '../../web/Amount.tsx'
import { api } from '../api.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Pager } from '../list/Pager.tsx'
import { sumFen } from '../list/sums.ts'
import { pageOf } from '../list/use-list-figure.ts'
import { given } from '../search/params.ts'
import { useStaff } from '../shell/staff.ts'
import { useProviderName } from '../shell/use-names.ts'
import { type Book, type Source, targetOf } from './model.ts'
import { useVoucherWords } from './words.ts'

const PAGE_ROWS = 200

type SourcesCardProps = { voucherId: string; book: Book; lineNo: number }

/** The transfers that a line of a voucher is the sum of, each with a way to what it is about. */
export function SourcesCard({ voucherId: id, book, lineNo }: SourcesCardProps) {
  const { t } = useVoucherWords()
  const { hospitalId } = useStaff()
  const [after, setAfter] = useState<string | undefined>(undefined)
  const list = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/accounting/vouchers/{id}/{book}/{lineNo}/sources',
    {
      params: {
        path: { hospitalId, id, book, lineNo },
        query: { ...given({ after }), limit: PAGE_ROWS },
      },
    },
  )
  const rows = list.data?.items
  const { last, pager } = pageOf(rows, { rowsOfPage: PAGE_ROWS, isFirst: after === undefined })
  return (
    <section className="card" aria-labelledby="sources-title">
      <h2 id="sources-title">{t('sources.title', { line: lineNo })}</h2>
      <DataTable
        label={t('sources.title', { line: lineNo })}
        columns={useColumns(rows)}
        rows={rows}
        rowKey={({ key }) => key}
        query={list}
        empty={t('sources.empty')}
      />
      <Pager
        {...pager}
        onFirst={() => setAfter(undefined)}
        onNext={() => last && setAfter(last.key)}
      />
    </section>
  )
}

function useColumns(rows: readonly Source[] | undefined): Column<Source>[] {
  const { t } = useVoucherWords()
  return [
    {
      key: 'about',
      title: t('sources.about'),
      sum: t('sources.sum'),
      cell: (source) => <SourceLink source={source} />,
    },
    {
      key: 'cause',
      title: t('sources.cause'),
      onWideOnly: true,
      cell: ({ cause }) => <code>{cause}</code>,
    },
    {
      key: 'amount',
      title: t('sources.amount'),
      isNumber: true,
      sum: rows && <Amount fen={sumFen(rows, ({ amountFen }) => amountFen)} />,
      cell: ({ amountFen }) => <Amount fen={amountFen} />,
    },
  ]
}

const TAIL = 8

function SourceLink({ source }: { source: Source }) {
  const { t } = useVoucherWords()
  const nameOf = useProviderName()
  const target = targetOf(source)
  switch (target?.to) {
    case 'payment':
      return (
        <Link to="/payments/$paymentId" params={{ paymentId: target.id }}>
          {t('sources.payment')} …{target.id.slice(-TAIL)}
        </Link>
      )
    case 'deposit':
      return (
        <Link to="/deposits/$accountId" params={{ accountId: target.id }}>
          {t('sources.deposit')} …{target.id.slice(-TAIL)}
        </Link>
      )
    case 'benefit':
      return (
        <Link to="/benefits/$programmeId" params={{ programmeId: target.id }}>
          {t('sources.benefit')} …{target.id.slice(-TAIL)}
        </Link>
      )
    case 'batch':
      return (
        <Link
          to="/settlement/batches/$provider/$day"
          params={{ provider: target.provider, day: target.day }}
        >
          {nameOf(target.provider)} {target.day}
        </Link>
      )
    case 'receipts':
      return (
        <Link to="/settlement/receipts" search={{ all: true }}>
          {t('sources.receipts')}
        </Link>
      )
    case undefined:
      return <code>{source.subject}</code>
  }
}

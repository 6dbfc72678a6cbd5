import { getRouteApi, Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'

import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { CopyText } from '../list/CopyText.tsx'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Pager } from '../list/Pager.tsx'
import { pageOf } from '../list/use-list-figure.ts'
import { given } from '../search/params.ts'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import type { Collection } from './model.ts'
import { ReceivedDialog } from './ReceivedDialog.tsx'
import { RefusalDialog } from './RefusalDialog.tsx'
import { useBankWords } from './words.ts'

const route = getRouteApi('/office/bank/collections')
const PAGE_ROWS = 200

type Opened = { collection: Collection; act: 'receive' | 'refuse' }

/** Repayments that were announced to the bank: it takes them by its own means, and says here what became of each. */
export function CollectionsPage() {
  const { t } = useBankWords()
  const { hospitalId: lenderId } = useStaff()
  const { after } = route.useSearch()
  const navigate = route.useNavigate()
  // The row is gone from the list before its dialog is closed.
  const [opened, setOpened] = useState<Opened | null>(null)
  usePageTitle(t('collections.title'))
  const list = api.query.useQuery('get', '/v1/credit/lenders/{lenderId}/collections', {
    params: { path: { lenderId }, query: given({ after }) },
  })
  const rows = list.data?.items
  const { last, pager } = pageOf(rows, { rowsOfPage: PAGE_ROWS, isFirst: after === undefined })
  return (
    <div className="page page-list bank-list">
      <header className="page-head">
        <h1>{t('collections.title')}</h1>
        <p className="fine on-wide-only">{t('collections.hint')}</p>
      </header>
      <DataTable
        label={t('collections.title')}
        columns={useColumns(setOpened)}
        rows={rows}
        rowKey={({ number }) => number}
        query={list}
        empty={<Empty text={t('collections.empty')} />}
      />
      <Pager
        {...pager}
        onFirst={() => void navigate({ search: {} })}
        onNext={() => last && void navigate({ search: { after: last.number } })}
      />
      {opened && <Dialog opened={opened} onClose={() => setOpened(null)} />}
    </div>
  )
}

function Dialog({ opened: { collection, act }, onClose }: { opened: Opened; onClose: () => void }) {
  if (act === 'refuse') return <RefusalDialog collection={collection} onClose={onClose} />
  const { number, loanId, amountFen: announcedFen, source } = collection
  const payer = source === 'family' ? 'family' : 'self'
  return <ReceivedDialog about={{ number, loanId, announcedFen, payer }} onClose={onClose} />
}

function useColumns(onOpen: (opened: Opened) => void): Column<Collection>[] {
  const { t } = useBankWords()
  return [
    { key: 'what', title: t('collections.what'), cell: (row) => <What collection={row} /> },
    {
      key: 'amount',
      title: t('amount'),
      isNumber: true,
      cell: ({ amountFen }) => <Amount fen={amountFen} />,
    },
    {
      key: 'requested',
      title: t('collections.requested'),
      onWideOnly: true,
      cell: ({ requestedAt }) => <Moment at={requestedAt} form="exact" />,
    },
    {
      key: 'expires',
      title: t('collections.expires'),
      onWideOnly: true,
      cell: ({ expiresAt }) =>
        expiresAt === null ? t('collections.byBank') : <Moment at={expiresAt} form="exact" />,
    },
    {
      key: 'number',
      title: t('collections.number'),
      onWideOnly: true,
      cell: ({ number }) => <CopyText text={number} />,
    },
    {
      key: 'act',
      title: t('collections.act'),
      cell: (row) => <Acts collection={row} onOpen={onOpen} />,
    },
  ]
}

function What({ collection: { loanId, source } }: { collection: Collection }) {
  const { t } = useBankWords()
  if (loanId === null) return t('collections.early')
  return (
    <Link to="/bank/loans/$loanId" params={{ loanId }}>
      {t(`loans.sources.${source}`)}
    </Link>
  )
}

type ActsProps = { collection: Collection; onOpen: (opened: Opened) => void }

function Acts({ collection, onOpen }: ActsProps) {
  const { t } = useBankWords()
  const staff = useStaff()
  if (!may(staff, 'decideLending')) return <span className="fine">{t('readOnly')}</span>
  return (
    <span className="bank-acts">
      <Button size="small" type="primary" onClick={() => onOpen({ collection, act: 'receive' })}>
        {t('received.open')}
      </Button>
      {collection.expiresAt !== null && (
        <Button size="small" onClick={() => onOpen({ collection, act: 'refuse' })}>
          {t('collections.refuse')}
        </Button>
      )}
    </span>
  )
}

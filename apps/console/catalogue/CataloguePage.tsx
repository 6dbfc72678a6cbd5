import { getRouteApi } from '@tanstack/react-router'
import { Button, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'

import type { CatalogueItem } from '../../../contract/client.ts'
import { Amount } from '../../web/Amount.tsx'
import { api } from '../api.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Pager } from '../list/Pager.tsx'
import { oneOf } from '../search/params.ts'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { AccuracyCard } from './AccuracyCard.tsx'
import { DecideDialog } from './DecideDialog.tsx'
import { type CatalogueSearch, ITEM_STATUSES } from './search.ts'
import { matchText } from './words.ts'

const PAGE_ROWS = 50

const route = getRouteApi('/office/catalogue')

/** What the hospital's items are in the insurance's catalogue: first those that wait for a person. */
export function CataloguePage() {
  const { t } = useTranslation('catalogue')
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const staff = useStaff()
  const { hospitalId } = staff
  usePageTitle(t('desk.title'))
  const { status = 'waiting', after, item: open } = search
  const list = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/catalogue/items', {
    params: {
      path: { hospitalId },
      query: { status, limit: PAGE_ROWS, ...(after === undefined ? {} : { after }) },
    },
  })
  const show = (next: CatalogueSearch) => void navigate({ search: next })
  const here = { ...(search.status ? { status: search.status } : {}), ...(after ? { after } : {}) }
  const rows = list.data?.items
  const last = rows?.at(-1)
  const opened = rows?.find(({ code }) => code === open)
  return (
    <div className="page page-list">
      <header className="page-head">
        <h1>{t('desk.title')}</h1>
      </header>
      <p className="fine">{t('desk.intro')}</p>
      {may(staff, 'readBooks') && <AccuracyCard />}
      <div className="filters" role="group" aria-label={t('desk.filter')}>
        <Segmented
          aria-label={t('desk.status')}
          value={status}
          options={ITEM_STATUSES.map((value) => ({ value, label: t(`itemStatuses.${value}`) }))}
          onChange={(value) => {
            const chosen = oneOf(ITEM_STATUSES, value)
            show(chosen && chosen !== 'waiting' ? { status: chosen } : {})
          }}
        />
      </div>
      <DataTable
        label={t('desk.items')}
        columns={useColumns((code) => show({ ...here, item: code }))}
        rows={rows}
        rowKey={({ code }) => code}
        query={list}
        empty={<Empty text={t(`desk.none.${status}`)} />}
      />
      <Pager
        shown={rows?.length}
        hasMore={rows?.length === PAGE_ROWS}
        isFirst={after === undefined}
        onFirst={() => show(search.status ? { status: search.status } : {})}
        onNext={() => last && show({ ...here, after: last.code })}
      />
      {opened && <DecideDialog key={opened.code} item={opened} onClose={() => show(here)} />}
    </div>
  )
}

function useColumns(onOpen: (code: string) => void): Column<CatalogueItem>[] {
  const { t } = useTranslation('catalogue')
  const mayMatch = may(useStaff(), 'matchItems')
  return [
    {
      key: 'item',
      title: t('desk.item'),
      cell: ({ code, name, spec }) => (
        <>
          {name}
          <br />
          <span className="fine">{[code, spec].filter(Boolean).join(' · ')}</span>
        </>
      ),
    },
    {
      key: 'price',
      title: t('desk.price'),
      isNumber: true,
      cell: ({ unitPriceFen, unit }) => (
        <>
          <Amount fen={unitPriceFen} />
          <span className="fine">/{unit}</span>
        </>
      ),
    },
    {
      key: 'why',
      title: t('desk.why'),
      onWideOnly: true,
      cell: ({ reasons }) => reasons.map((reason) => matchText(t, reason)).join(' '),
    },
    {
      key: 'entry',
      title: t('desk.entry'),
      cell: (item) => <Standing item={item} />,
    },
    {
      key: 'act',
      title: <span className="visually-hidden">{t('desk.match')}</span>,
      cell: ({ code, name }) =>
        mayMatch && (
          <Button
            size="small"
            aria-label={`${t('desk.match')} ${name}`}
            onClick={() => onOpen(code)}
          >
            {t('desk.match')}
          </Button>
        ),
    },
  ]
}

function Standing({ item: { status, entryCode, candidates, confidence } }: StandingProps) {
  const { t } = useTranslation('catalogue')
  const [best] = candidates
  if (status === 'waiting') {
    return best ? (
      <>
        {t('desk.perhaps', { name: best.name })}
        <br />
        <span className="fine">{t('desk.sure', { confidence: best.confidence })}</span>
      </>
    ) : (
      <span className="fine">{t('desk.noCandidate')}</span>
    )
  }
  if (entryCode === null) return <>{t('desk.noEntry')}</>
  return (
    <>
      <code>{entryCode}</code>
      <br />
      <span className="fine">
        {t(status === 'decided' ? 'itemStatuses.decided' : 'desk.sure', { confidence })}
      </span>
    </>
  )
}

type StandingProps = { item: CatalogueItem }

import { Button, Modal } from 'antd'
import { useState } from 'react'

import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Pager } from '../list/Pager.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { pageOf } from '../list/use-list-figure.ts'
import { given } from '../search/params.ts'
import { useStaff } from '../shell/staff.ts'
import { DecisionView } from './DecisionView.tsx'
import { APPLICATION_STATUSES, type LenderApplication } from './model.ts'
import { useProductName } from './names.ts'
import type { ReviewsSearch } from './search.ts'
import { LOOK_OF, useBankWords } from './words.ts'

const PAGE_ROWS = 50

type ApplicationListProps = { search: ReviewsSearch; onShow: (search: ReviewsSearch) => void }

export function ApplicationList({ search, onShow }: ApplicationListProps) {
  const { t } = useBankWords()
  const { hospitalId: lenderId } = useStaff()
  const [openId, setOpenId] = useState<string | null>(null)
  const { after, status, ...rest } = search
  const query = given({ status, before: after, limit: PAGE_ROWS })
  const list = api.query.useQuery('get', '/v1/credit/lenders/{lenderId}/applications', {
    params: { path: { lenderId }, query },
  })
  const rows = list.data?.items
  const { last, pager } = pageOf(rows, { rowsOfPage: PAGE_ROWS, isFirst: after === undefined })
  const opened = rows?.find(({ id }) => id === openId)
  const chosen = given({ ...rest, status })
  return (
    <>
      <div className="choices" role="group" aria-label={t('status')}>
        {APPLICATION_STATUSES.map((each) => (
          <button
            key={each}
            type="button"
            className="chip"
            aria-pressed={each === status}
            onClick={() => onShow(given({ ...rest, status: each === status ? undefined : each }))}
          >
            {t(`statuses.application.${each}`)}
          </button>
        ))}
      </div>
      <DataTable
        label={t('reviews.views.applications')}
        columns={useColumns(setOpenId)}
        rows={rows}
        rowKey={({ id }) => id}
        query={list}
        empty={<Empty text={t('reviews.emptyApplications')} />}
      />
      <Pager
        {...pager}
        onFirst={() => onShow(chosen)}
        onNext={() => last && onShow({ ...chosen, after: last.id })}
      />
      {opened && (
        <Modal
          open
          title={t('reviews.decision')}
          onCancel={() => setOpenId(null)}
          footer={null}
          width="44rem"
          destroyOnHidden
        >
          <DecisionView application={opened} />
        </Modal>
      )}
    </>
  )
}

function useColumns(onOpen: (id: string) => void): Column<LenderApplication>[] {
  const { t } = useBankWords()
  const { hospitalId: lenderId } = useStaff()
  const productName = useProductName(lenderId)
  return [
    {
      key: 'at',
      title: t('reviews.createdAt'),
      cell: ({ createdAt }) => <Moment at={createdAt} form="exact" />,
    },
    {
      key: 'status',
      title: t('status'),
      cell: ({ status }) => (
        <StatusChip {...LOOK_OF.application[status]} text={t(`statuses.application.${status}`)} />
      ),
    },
    {
      key: 'product',
      title: t('product'),
      onWideOnly: true,
      cell: ({ productId }) => productName(productId),
    },
    { key: 'score', title: t('reviews.score'), isNumber: true, cell: ({ score }) => score },
    {
      key: 'limit',
      title: t('reviews.limit'),
      isNumber: true,
      onWideOnly: true,
      cell: ({ limitFen }) => <Amount fen={limitFen} />,
    },
    {
      key: 'look',
      title: t('reviews.reasons'),
      cell: ({ id }) => (
        <Button size="small" onClick={() => onOpen(id)}>
          {t('reviews.look')}
        </Button>
      ),
    },
  ]
}

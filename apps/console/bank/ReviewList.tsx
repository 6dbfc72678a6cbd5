import { Button } from 'antd'
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
import { may, useStaff } from '../shell/staff.ts'
import type { LenderReview } from './model.ts'
import { useProductName } from './names.ts'
import { ReviewDialog } from './ReviewDialog.tsx'
import type { ReviewsSearch } from './search.ts'
import { LOOK_OF, useBankWords } from './words.ts'

const PAGE_ROWS = 50

type ReviewListProps = {
  view: 'open' | 'decided'
  search: ReviewsSearch
  onShow: (search: ReviewsSearch) => void
}

export function ReviewList({ view, search, onShow }: ReviewListProps) {
  const { t } = useBankWords()
  const { hospitalId: lenderId } = useStaff()
  const [openId, setOpenId] = useState<string | null>(null)
  const { after, ...rest } = search
  const query = given({ state: view, after, limit: PAGE_ROWS })
  const list = api.query.useQuery('get', '/v1/credit/lenders/{lenderId}/reviews', {
    params: { path: { lenderId }, query },
  })
  const rows = list.data?.items
  const { last, pager } = pageOf(rows, { rowsOfPage: PAGE_ROWS, isFirst: after === undefined })
  const opened = rows?.find(({ id }) => id === openId)
  return (
    <>
      <DataTable
        label={t(`reviews.views.${view}`)}
        columns={useColumns(setOpenId)}
        rows={rows}
        rowKey={({ id }) => id}
        query={list}
        isMarked={({ status }) => status === 'open'}
        empty={<Empty text={t(view === 'open' ? 'reviews.emptyOpen' : 'reviews.emptyDecided')} />}
      />
      <Pager
        {...pager}
        onFirst={() => onShow(rest)}
        onNext={() => last && onShow({ ...rest, after: last.id })}
      />
      {opened && <ReviewDialog review={opened} onClose={() => setOpenId(null)} />}
    </>
  )
}

function useColumns(onOpen: (id: string) => void): Column<LenderReview>[] {
  const { t } = useBankWords()
  const staff = useStaff()
  const productName = useProductName(staff.hospitalId)
  const mayAct = ({ status, obstacle }: LenderReview) =>
    status === 'open' && obstacle === null && may(staff, 'decideLending')
  return [
    {
      key: 'asked',
      title: t('reviews.askedAt'),
      cell: ({ askedAt }) => <Moment at={askedAt} />,
    },
    {
      key: 'status',
      title: t('status'),
      cell: ({ status }) => (
        <StatusChip {...LOOK_OF.review[status]} text={t(`statuses.review.${status}`)} />
      ),
    },
    {
      key: 'product',
      title: t('product'),
      onWideOnly: true,
      cell: ({ application }) => productName(application.productId),
    },
    {
      key: 'decision',
      title: t('reviews.decision'),
      onWideOnly: true,
      cell: ({ application: { outcome } }) => t(`statuses.application.${outcome}`),
    },
    {
      key: 'score',
      title: t('reviews.score'),
      isNumber: true,
      onWideOnly: true,
      cell: ({ application }) => application.score,
    },
    {
      key: 'limit',
      title: t('reviews.limit'),
      isNumber: true,
      onWideOnly: true,
      cell: ({ limitFen, application }) => <Amount fen={limitFen ?? application.limitFen} />,
    },
    {
      key: 'act',
      title: t('reviews.verdict'),
      cell: (row) => (
        <Button
          size="small"
          type={mayAct(row) ? 'primary' : 'default'}
          onClick={() => onOpen(row.id)}
        >
          {t(mayAct(row) ? 'reviews.act' : 'reviews.look')}
        </Button>
      ),
    },
  ]
}

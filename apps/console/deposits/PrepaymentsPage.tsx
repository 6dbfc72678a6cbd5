import { keepPreviousData } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'

import { Amount } from '../../web/Amount.tsx'
import { api } from '../api.ts'
import { usePatientNames } from '../benefits/Patient.tsx'
import { today } from '../clock.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Pager } from '../list/Pager.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { sumFen } from '../list/sums.ts'
import { pageOf } from '../list/use-list-figure.ts'
import { given } from '../search/params.ts'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { useOwnerColumns } from './account-parts.tsx'
import { CloseDialog } from './CloseDialog.tsx'
import { DepositTabs } from './DepositTabs.tsx'
import { type Account, stayOf } from './model.ts'
import { useDepositWords } from './words.ts'

const PAGE_ROWS = 50
const route = getRouteApi('/office/deposits/prepayments')

/** The work list of the rule of 2025: outpatient prepayments with something left, to be given back. */
export function PrepaymentsPage() {
  const { t } = useDepositWords()
  const { hospitalId } = useStaff()
  const { before } = route.useSearch()
  const navigate = route.useNavigate()
  const [openId, setOpenId] = useState<string | null>(null)
  usePageTitle(t('tabs.prepayments'))
  const query = { ...given({ before }), onlyOutpatientLeft: true, onlyLow: false, limit: PAGE_ROWS }
  const list = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/deposits',
    { params: { path: { hospitalId }, query } },
    { placeholderData: keepPreviousData },
  )
  const rows = list.data?.items
  const opened = rows?.find(({ id }) => id === openId)
  const { last, pager } = pageOf(rows, { rowsOfPage: PAGE_ROWS, isFirst: before === undefined })
  return (
    <div className="page page-list bank-list benefit-page">
      <header className="page-head">
        <h1>{t('tabs.prepayments')}</h1>
        <p className="fine on-wide-only">{t('prepayments.hint')}</p>
      </header>
      <DepositTabs at="prepayments" />
      <DataTable
        label={t('tabs.prepayments')}
        columns={useColumns(rows ?? [], setOpenId)}
        rows={rows}
        rowKey={({ id }) => id}
        query={list}
        empty={<Empty text={t('prepayments.empty')} />}
      />
      <Pager
        {...pager}
        onFirst={() => void navigate({ search: {} })}
        onNext={() => last && void navigate({ search: { before: last.id } })}
      />
      {opened && <CloseDialog account={opened} onClose={() => setOpenId(null)} />}
    </div>
  )
}

function useColumns(rows: readonly Account[], onOpen: (id: string) => void): Column<Account>[] {
  const { t } = useDepositWords()
  const isKeeper = may(useStaff(), 'keepDeposits')
  const nameOf = usePatientNames(rows.map(({ personId }) => personId))
  const [stay, person] = useOwnerColumns<Account>(
    (account) => ({ ...account, stayNo: stayOf(account) }),
    nameOf,
  )
  const day = today()
  return [
    ...(stay ? [stay] : []),
    ...(person ? [person] : []),
    {
      key: 'left',
      title: t('prepayments.left'),
      isNumber: true,
      ...(rows.length > 0 ? { sum: <Amount fen={sumFen(rows, (row) => row.balanceFen)} /> } : {}),
      cell: ({ balanceFen }) => <Amount fen={balanceFen} />,
    },
    {
      key: 'clearBy',
      title: t('prepayments.clearBy'),
      onWideOnly: true,
      cell: ({ clearBy }) =>
        clearBy !== null && clearBy < day ? (
          <StatusChip tone="bad" icon="alert" text={t('prepayments.late', { day: clearBy })} />
        ) : (
          clearBy
        ),
    },
    {
      key: 'act',
      title: t('act'),
      cell: ({ id, freeFen }) =>
        freeFen > 0 && isKeeper ? (
          <Button size="small" onClick={() => onOpen(id)}>
            {t('close.open')}
          </Button>
        ) : (
          <span className="fine">{t(freeFen > 0 ? 'look' : 'prepayments.onItsWay')}</span>
        ),
    },
  ]
}

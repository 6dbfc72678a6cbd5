import { Button } from 'antd'
import { useState } from 'react'

import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { shortPercentText } from '../channels/ratio.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { sumFen } from '../list/sums.ts'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { HospitalLimitDialog } from './HospitalLimitDialog.tsx'
import { type LenderHospital, ppmOf } from './model.ts'
import { useHospitalName } from './names.ts'
import { UseBar } from './UseBar.tsx'
import { useBankWords } from './words.ts'

/** How much all people together may have in use at each hospital. */
export function HospitalsPage() {
  const { t } = useBankWords()
  const { hospitalId: lenderId } = useStaff()
  const [openId, setOpenId] = useState<number | null>(null)
  usePageTitle(t('hospitals.title'))
  const list = api.query.useQuery('get', '/v1/credit/lenders/{lenderId}/hospital-limits', {
    params: { path: { lenderId } },
  })
  const rows = list.data?.items
  const opened = rows?.find(({ hospitalId }) => hospitalId === openId)
  return (
    <div className="page page-list bank-list">
      <header className="page-head">
        <h1>{t('hospitals.title')}</h1>
        <p className="fine on-wide-only">{t('hospitals.hint')}</p>
      </header>
      <DataTable
        label={t('hospitals.title')}
        columns={useColumns(rows ?? [], setOpenId)}
        rows={rows}
        rowKey={({ hospitalId }) => String(hospitalId)}
        query={list}
        isMarked={({ usedFen, limitFen }) => usedFen > limitFen}
        empty={<Empty text={t('hospitals.empty')} />}
      />
      {opened && <HospitalLimitDialog limit={opened} onClose={() => setOpenId(null)} />}
    </div>
  )
}

function useColumns(
  rows: readonly LenderHospital[],
  onOpen: (hospitalId: number) => void,
): Column<LenderHospital>[] {
  const { t } = useBankWords()
  const staff = useStaff()
  const hospitalName = useHospitalName()
  const amount = (name: 'limit' | 'used' | 'free', onWideOnly = false) => ({
    key: name,
    title: t(`hospitals.${name}`),
    isNumber: true,
    onWideOnly,
    ...(rows.length > 0 ? { sum: <Amount fen={sumFen(rows, (row) => row[`${name}Fen`])} /> } : {}),
    cell: (row: LenderHospital) => <Amount fen={row[`${name}Fen`]} />,
  })
  return [
    {
      key: 'hospital',
      title: t('hospital'),
      ...(rows.length > 0 ? { sum: t('console:sum.page', { count: rows.length }) } : {}),
      cell: ({ hospitalId }) => hospitalName(hospitalId),
    },
    amount('limit', true),
    amount('used'),
    amount('free', true),
    {
      key: 'share',
      title: t('hospitals.share'),
      onWideOnly: true,
      cell: (row) => <Share row={row} />,
    },
    {
      key: 'updated',
      title: t('hospitals.updated'),
      onWideOnly: true,
      cell: ({ updatedAt }) => <Moment at={updatedAt} form="exact" />,
    },
    {
      key: 'act',
      title: t('hospitals.history'),
      cell: ({ hospitalId }) => (
        <Button size="small" onClick={() => onOpen(hospitalId)}>
          {t(may(staff, 'decideLending') ? 'hospitals.change' : 'reviews.look')}
        </Button>
      ),
    },
  ]
}

function Share({ row: { limitFen, usedFen } }: { row: LenderHospital }) {
  const { t } = useBankWords()
  const share = shortPercentText(ppmOf(usedFen, limitFen))
  const text =
    usedFen > limitFen ? t('hospitals.over', { amount: amountText(usedFen - limitFen) }) : share
  return (
    <span className="bank-share">
      <UseBar
        label={`${t('hospitals.share')} ${share}`}
        limitFen={limitFen}
        drawnFen={usedFen}
        reservedFen={0}
      />
      <span>{text}</span>
    </span>
  )
}

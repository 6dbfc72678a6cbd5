import { Button } from 'antd'
import { useState } from 'react'

import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { usePatientNames } from '../benefits/Patient.tsx'
import { useActor } from '../benefits/words.ts'
import { CopyText } from '../list/CopyText.tsx'
import { type Column, DataTable, type ListQuery } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { useOwnerColumns } from './account-parts.tsx'
import { DoneDialog } from './DoneDialog.tsx'
import type { GiveBack } from './model.ts'
import { useDepositWords, useWayName } from './words.ts'

type GiveBackListProps = {
  rows: readonly GiveBack[] | undefined
  query: ListQuery
  /** Then it need not be said whose they are. */
  isOfOneAccount?: boolean
}

/** Parts that go back the way they came, with the way to say that one has. */
export function GiveBackList({ rows, query, isOfOneAccount = false }: GiveBackListProps) {
  const { t } = useDepositWords()
  const [openId, setOpenId] = useState<string | null>(null)
  const nameOf = usePatientNames(isOfOneAccount ? [] : rows?.map(({ personId }) => personId))
  const owner = useOwnerColumns<GiveBack>(
    (row) => ({ ...row, id: row.accountId, stayNo: row.stayNo === OUTPATIENT ? null : row.stayNo }),
    nameOf,
  )
  const columns = useColumns(setOpenId)
  const opened = rows?.find(({ id }) => id === openId)
  return (
    <>
      <DataTable
        label={t('backs.title')}
        columns={isOfOneAccount ? columns : [...owner, ...columns]}
        rows={rows}
        rowKey={({ id }) => id}
        query={query}
        isMarked={({ status }) => status === 'asked'}
        empty={<Empty text={t('backs.empty')} />}
      />
      {opened && <DoneDialog giveBack={opened} onClose={() => setOpenId(null)} />}
    </>
  )
}

/** The stay of what is of none. */
const OUTPATIENT = 'outpatient'

function useColumns(onOpen: (id: string) => void): Column<GiveBack>[] {
  const { t } = useDepositWords()
  const wayName = useWayName()
  const actorName = useActor()
  return [
    {
      key: 'amount',
      title: t('amount'),
      isNumber: true,
      cell: ({ amountFen }) => <Amount fen={amountFen} flow="out" />,
    },
    {
      key: 'way',
      title: t('backs.way'),
      onWideOnly: true,
      cell: ({ channel, channelNo }) => (
        <span className="two-lines">
          {wayName(channel)}
          <CopyText text={channelNo} />
        </span>
      ),
    },
    {
      key: 'asked',
      title: t('backs.askedBy'),
      onWideOnly: true,
      cell: ({ askedBy, askedAt }) => (
        <span className="two-lines">
          {actorName(askedBy)}
          <Moment at={askedAt} form="exact" />
        </span>
      ),
    },
    {
      key: 'act',
      title: t('act'),
      cell: (row) => <ActCell giveBack={row} onOpen={onOpen} />,
    },
  ]
}

function ActCell({ giveBack, onOpen }: { giveBack: GiveBack; onOpen: (id: string) => void }) {
  const { t } = useDepositWords()
  const staff = useStaff()
  const { id, status, askedBy } = giveBack
  if (status === 'done') {
    return <StatusChip tone="good" icon="check" text={t('backs.isDone')} />
  }
  const isMine = askedBy === `staff:${staff.staffId}`
  const mayAct = may(staff, 'keepDeposits') && !isMine
  return (
    <Button size="small" type={mayAct ? 'primary' : 'default'} onClick={() => onOpen(id)}>
      {t(mayAct ? 'backs.record' : 'look')}
    </Button>
  )
}

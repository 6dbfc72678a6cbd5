import { Button } from 'antd'
import { useState } from 'react'

import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { AccountName } from './loan-parts.tsx'
import type { Owed, Payout } from './model.ts'
import { useHospitalName } from './names.ts'
import { PayoutDialog } from './PayoutDialog.tsx'
import { type Creditor, ProposePayoutDialog } from './ProposePayoutDialog.tsx'
import { LOOK_OF, useBankWords } from './words.ts'

type OwedRow = Creditor & { owedFen: number; heldFen: number }

/** What the bank owes to hospitals and to payers, and the money that leaves it by two of its staff. */
export function PayoutsPage() {
  const { t } = useBankWords()
  const { hospitalId: lenderId } = useStaff()
  const [creditor, setCreditor] = useState<Creditor | null>(null)
  const [openId, setOpenId] = useState<string | null>(null)
  usePageTitle(t('payouts.title'))
  const params = { path: { lenderId } }
  const owed = api.query.useQuery('get', '/v1/credit/lenders/{lenderId}/owed', { params })
  const list = api.query.useQuery('get', '/v1/credit/lenders/{lenderId}/payouts', { params })
  const opened = list.data?.items.find(({ id }) => id === openId)
  const columns = useOwedColumns(setCreditor)
  const { hospitals, payers } = rowsOf(owed.data)
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('payouts.title')}</h1>
        <p className="fine on-wide-only">{t('payouts.hint')}</p>
      </header>
      <section className="card bank-list" aria-labelledby="payouts-list">
        <h2 id="payouts-list">{t('payouts.list')}</h2>
        <DataTable
          label={t('payouts.list')}
          columns={usePayoutColumns(setOpenId)}
          rows={list.data?.items}
          rowKey={({ id }) => id}
          query={list}
          isMarked={({ status }) => status === 'proposed'}
          empty={<Empty text={t('payouts.emptyList')} />}
        />
      </section>
      {(['hospitals', 'payers'] as const).map((kind) => (
        <section key={kind} className="card bank-list" aria-labelledby={`owed-${kind}`}>
          <h2 id={`owed-${kind}`}>{t(`payouts.${kind}`)}</h2>
          <DataTable
            label={t(`payouts.${kind}`)}
            columns={columns}
            rows={kind === 'hospitals' ? hospitals : payers}
            rowKey={({ to }) => JSON.stringify(to)}
            query={owed}
            empty={<Empty text={t(`payouts.empty.${kind}`)} />}
          />
        </section>
      ))}
      {creditor && <ProposePayoutDialog creditor={creditor} onClose={() => setCreditor(null)} />}
      {opened && <PayoutDialog payout={opened} onClose={() => setOpenId(null)} />}
    </div>
  )
}

function rowsOf(owed: Owed | undefined): {
  hospitals: OwedRow[] | undefined
  payers: OwedRow[] | undefined
} {
  const freeOf = (one: { owedFen: number; heldFen: number }) =>
    Math.max(0, one.owedFen - one.heldFen)
  return {
    hospitals: owed?.hospitals.map((one) => ({
      ...one,
      to: { hospitalId: one.hospitalId },
      accountNo: null,
      freeFen: freeOf(one),
    })),
    payers: owed?.payers.map((one) => ({
      ...one,
      to: { personId: one.personId },
      freeFen: freeOf(one),
    })),
  }
}

function useOwedColumns(onOpen: (creditor: Creditor) => void): Column<OwedRow>[] {
  const { t } = useBankWords()
  const staff = useStaff()
  return [
    {
      key: 'to',
      title: t('payouts.to'),
      cell: ({ to, accountNo }) => (
        <PaidTo hospitalId={'hospitalId' in to ? to.hospitalId : null} accountNo={accountNo} />
      ),
    },
    {
      key: 'owed',
      title: t('payouts.owed'),
      isNumber: true,
      cell: ({ owedFen }) => <OwedAmount owedFen={owedFen} />,
    },
    {
      key: 'held',
      title: t('payouts.held'),
      isNumber: true,
      onWideOnly: true,
      cell: ({ heldFen }) => <Amount fen={heldFen} />,
    },
    {
      key: 'act',
      title: t('payouts.act'),
      cell: (row) =>
        may(staff, 'decideLending') ? (
          <Button size="small" disabled={row.freeFen === 0} onClick={() => onOpen(row)}>
            {t('payouts.propose')}
          </Button>
        ) : (
          <span className="fine">{t('readOnly')}</span>
        ),
    },
  ]
}

/** Below zero it is the hospital that owes the bank: more was given back there than is still to be paid. */
function OwedAmount({ owedFen }: { owedFen: number }) {
  const { t } = useBankWords()
  if (owedFen >= 0) return <Amount fen={owedFen} />
  return (
    <span className="two-lines">
      <Amount fen={0 - owedFen} />
      <span className="fine">{t('payouts.owesUs')}</span>
    </span>
  )
}

function PaidTo({ hospitalId, accountNo }: Pick<Payout, 'hospitalId' | 'accountNo'>) {
  const hospitalName = useHospitalName()
  return hospitalId === null ? <AccountName accountNo={accountNo} /> : hospitalName(hospitalId)
}

function usePayoutColumns(onOpen: (id: string) => void): Column<Payout>[] {
  const { t } = useBankWords()
  const staff = useStaff()
  const mayAct = ({ status, proposedBy }: Payout) =>
    status === 'proposed' && may(staff, 'decideLending') && proposedBy !== `staff:${staff.staffId}`
  return [
    { key: 'to', title: t('payouts.to'), cell: (row) => <PaidTo {...row} /> },
    {
      key: 'amount',
      title: t('amount'),
      isNumber: true,
      cell: ({ amountFen }) => <Amount fen={amountFen} />,
    },
    {
      key: 'status',
      title: t('status'),
      onWideOnly: true,
      cell: ({ status }) => (
        <StatusChip {...LOOK_OF.payout[status]} text={t(`statuses.payout.${status}`)} />
      ),
    },
    {
      key: 'grounds',
      title: t('payouts.grounds'),
      onWideOnly: true,
      cell: ({ grounds }) => grounds,
    },
    {
      key: 'proposed',
      title: t('payouts.proposedAt'),
      onWideOnly: true,
      cell: ({ proposedAt }) => <Moment at={proposedAt} form="exact" />,
    },
    {
      key: 'act',
      title: t('payouts.act'),
      cell: (row) => (
        <Button
          size="small"
          type={mayAct(row) ? 'primary' : 'default'}
          onClick={() => onOpen(row.id)}
        >
          {t(mayAct(row) ? 'payouts.decide' : 'reviews.look')}
        </Button>
      ),
    },
  ]
}

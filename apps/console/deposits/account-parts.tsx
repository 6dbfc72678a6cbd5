import { Link } from '@tanstack/react-router'

import { Amount } from '../../web/Amount.tsx'
import type { Patient } from '../benefits/model.ts'
import { PatientName } from '../benefits/Patient.tsx'
import type { Column } from '../list/DataTable.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { type Account, stayOf } from './model.ts'
import { useDepositWords } from './words.ts'

type NameOf = (personId: string) => Patient | null

/** The stay an account is for, which leads to the account. */
function AccountLink({ id, stayNo }: { id: string; stayNo: string | null }) {
  const { t } = useDepositWords()
  return (
    <Link to="/deposits/$accountId" params={{ accountId: id }}>
      {stayNo === null ? t('prepayment') : <code>{stayNo}</code>}
    </Link>
  )
}

/** What a row of any list begins with: which account, and whose. */
export function useOwnerColumns<Row>(
  ownerOf: (row: Row) => { id: string; personId: string; stayNo: string | null },
  nameOf: NameOf,
): Column<Row>[] {
  const { t } = useDepositWords()
  return [
    {
      key: 'stay',
      title: t('stay'),
      cell: (row) => {
        const { id, stayNo } = ownerOf(row)
        return <AccountLink id={id} stayNo={stayNo} />
      },
    },
    {
      key: 'person',
      title: t('person'),
      cell: (row) => {
        const { personId } = ownerOf(row)
        return <PatientName personId={personId} patient={nameOf(personId)} />
      },
    },
  ]
}

export function AccountChip({ account }: { account: Account }) {
  const { t } = useDepositWords()
  if (account.status === 'closed') {
    return <StatusChip tone="plain" icon="lock" text={t('statuses.closed')} />
  }
  if (account.isLow) return <StatusChip tone="held" icon="alert" text={t('statuses.low')} />
  return <StatusChip tone="good" icon="check" text={t('statuses.open')} />
}

export function useAccountColumns(nameOf: NameOf): Column<Account>[] {
  const { t } = useDepositWords()
  const owner = useOwnerColumns<Account>(
    (account) => ({ ...account, stayNo: stayOf(account) }),
    nameOf,
  )
  const amount = (key: 'balanceFen' | 'heldFen' | 'freeFen' | 'lowFen', onWideOnly = true) => ({
    key,
    title: t(`figures.${key}`),
    isNumber: true,
    onWideOnly,
    cell: (account: Account) => <Amount fen={account[key]} />,
  })
  return [
    ...owner,
    {
      key: 'status',
      title: t('status'),
      onWideOnly: true,
      cell: (account) => <AccountChip account={account} />,
    },
    amount('balanceFen'),
    amount('heldFen'),
    {
      ...amount('freeFen', false),
      cell: ({ freeFen, isLow }) => (
        <>
          <Amount fen={freeFen} />
          {isLow && <span className="on-narrow-only fine"> {t('statuses.low')}</span>}
        </>
      ),
    },
    amount('lowFen'),
    {
      key: 'bank',
      title: t('custodyBank'),
      onWideOnly: true,
      cell: ({ custodyBank, custodyNo }) => (
        <span className="two-lines">
          {custodyBank}
          <code className="fine">{custodyNo}</code>
        </span>
      ),
    },
  ]
}

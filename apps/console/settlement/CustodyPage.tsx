import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { type FormEvent, useState } from 'react'

import type { components } from '../../../contract/hub.d.ts'
import { parseYuan } from '../../../kernel/money.ts'
import { addDays } from '../../../kernel/time.ts'
import { Amount } from '../../web/Amount.tsx'
import { api } from '../api.ts'
import { TextField } from '../channels/TextField.tsx'
import { today } from '../clock.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { SettlementTabs } from './SettlementTabs.tsx'
import { useTellCustody } from './use-settlement.ts'
import { useSettlementWords } from './words.ts'

type CustodyDay = components['schemas']['SettlementCustodyDay']

const DAYS_SHOWN = 92

/** What banks keep in custody against what is owed to depositors, day by day. */
export function CustodyPage() {
  const { t } = useSettlementWords()
  const staff = useStaff()
  usePageTitle(t('tabs.custody'))
  const to = today()
  const query = { from: addDays(to, 1 - DAYS_SHOWN), to }
  const list = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/settlement/custody', {
    params: { path: { hospitalId: staff.hospitalId }, query },
  })
  return (
    <div className="page bank-list settlement-page">
      <header className="page-head">
        <h1>{t('tabs.custody')}</h1>
        <p className="fine on-wide-only">{t('custody.hint')}</p>
      </header>
      <SettlementTabs at="custody" />
      {may(staff, 'reconcile') && <TellForm />}
      <DataTable
        label={t('tabs.custody')}
        columns={useColumns()}
        rows={list.data?.items.toReversed()}
        rowKey={({ date }) => date}
        query={list}
        isMarked={({ differenceFen }) => differenceFen !== 0}
        empty={<Empty text={t('custody.empty')} />}
      />
    </div>
  )
}

function useColumns(): Column<CustodyDay>[] {
  const { t } = useSettlementWords()
  return [
    {
      key: 'date',
      title: t('custody.date'),
      cell: ({ date, accounts }) => (
        <span className="two-lines">
          <time dateTime={date}>{date}</time>
          <span className="fine">{accounts.map(({ account }) => account).join('、')}</span>
        </span>
      ),
    },
    {
      key: 'balance',
      title: t('custody.balance'),
      isNumber: true,
      onWideOnly: true,
      cell: ({ balanceFen }) => <Amount fen={balanceFen} />,
    },
    {
      key: 'owed',
      title: t('custody.owed'),
      isNumber: true,
      onWideOnly: true,
      cell: ({ owedFen }) => (
        <Link to="/deposits">
          <Amount fen={owedFen} />
        </Link>
      ),
    },
    {
      key: 'difference',
      title: t('custody.difference'),
      isNumber: true,
      cell: ({ differenceFen }) =>
        differenceFen === 0 ? (
          <StatusChip tone="good" icon="check" text={t('custody.same')} />
        ) : (
          <Amount fen={differenceFen} />
        ),
    },
  ]
}

const ACCOUNT = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$/

/** What a bank's paper says of the end of a day; told again, the last counts. */
function TellForm() {
  const { t } = useSettlementWords()
  const { hospitalId } = useStaff()
  const [account, setAccount] = useState('')
  const [date, setDate] = useState<string>(addDays(today(), -1))
  const [typed, setTyped] = useState('')
  const tell = useTellCustody(hospitalId, {
    words: t('custody.done'),
    onDone: () => setTyped(''),
  })
  const balanceFen = parseYuan(typed.trim())
  const isReady = ACCOUNT.test(account.trim()) && date !== '' && balanceFen !== null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady) tell.mutate({ account: account.trim(), date, balanceFen })
  }
  return (
    <form className="card channel-form" onSubmit={submit}>
      <h2>{t('custody.tell')}</h2>
      <div className="field-row">
        <TextField label={t('receipt.account')} value={account} onChange={setAccount} />
        <TextField label={t('custody.date')} value={date} type="date" onChange={setDate} />
        <TextField label={t('custody.balanceYuan')} value={typed} isNumber onChange={setTyped} />
      </div>
      {tell.error !== null && <Fault error={tell.error} />}
      <span>
        <Button htmlType="submit" disabled={!isReady} loading={tell.isPending}>
          {t('custody.act')}
        </Button>
      </span>
    </form>
  )
}

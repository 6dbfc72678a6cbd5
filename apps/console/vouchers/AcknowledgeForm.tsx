import { Button } from 'antd'
import { type FormEvent, useState } from 'react'

import { Fault } from '../list/Fault.tsx'
import { useStaff } from '../shell/staff.ts'
import { useAcknowledge } from './use-vouchers.ts'
import { useVoucherWords } from './words.ts'

const MOST_LETTERS = 60

/** The number the accounting system took the voucher in under: what has one is left out of supplements. */
export function AcknowledgeForm({ voucherId }: { voucherId: string }) {
  const { t } = useVoucherWords()
  const { hospitalId } = useStaff()
  const [typed, setTyped] = useState('')
  const acknowledge = useAcknowledge(hospitalId, voucherId, { words: t('acknowledge.done') })
  const erpNo = typed.trim()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (erpNo !== '') acknowledge.mutate(erpNo)
  }
  return (
    <form className="voucher-acknowledge" onSubmit={submit}>
      <input
        value={typed}
        maxLength={MOST_LETTERS}
        aria-label={t('acknowledge.number')}
        placeholder={t('acknowledge.number')}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Button htmlType="submit" disabled={erpNo === ''} loading={acknowledge.isPending}>
        {t('acknowledge.act')}
      </Button>
      {acknowledge.error !== null && <Fault error={acknowledge.error} />}
    </form>
  )
}

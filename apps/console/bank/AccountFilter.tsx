import { Button } from 'antd'
import { type FormEvent, useState } from 'react'

import { accountOf } from './search.ts'
import { useBankWords } from './words.ts'

type AccountFilterProps = {
  account: string | undefined
  onChange: (account: string | undefined) => void
}

/** By account number or its end. There is nothing else to look for people by. */
export function AccountFilter({ account, onChange }: AccountFilterProps) {
  const { t } = useBankWords()
  const [typed, setTyped] = useState(account ?? '')
  const [isShort, setShort] = useState(false)
  const find = (event: FormEvent) => {
    event.preventDefault()
    const found = accountOf(typed)
    setShort(typed.trim() !== '' && found === undefined)
    if (found !== undefined || typed.trim() === '') onChange(found)
  }
  return (
    <form className="bill-filter bank-find" onSubmit={find}>
      <input
        value={typed}
        maxLength={64}
        aria-label={t('account.search')}
        aria-invalid={isShort}
        placeholder={t('account.search')}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Button htmlType="submit" size="small">
        {t('account.find')}
      </Button>
      {account !== undefined && (
        <Button size="small" onClick={() => onChange(undefined)}>
          {t('account.clear')}
        </Button>
      )}
      {isShort && (
        <span role="alert" className="fine">
          {t('account.short')}
        </span>
      )}
    </form>
  )
}

import { Button, Checkbox, Segmented } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { PAYMENT_STATUSES, type PaymentStatus } from '../search/choices.ts'
import { dropCursors, given, type PaymentsSearch } from '../search/params.ts'
import { Icon } from '../shell/Icon.tsx'
import { LOOK_OF_STATUS } from './words.ts'

type FiltersProps = { search: PaymentsSearch; onChange: (search: PaymentsSearch) => void }

export function Filters({ search, onChange }: FiltersProps) {
  const { t } = useTranslation()
  const hasFilter = Object.keys(dropCursors(search)).length > 0
  return (
    <div className="filters" role="group" aria-label={t('filters.label')}>
      <Segmented
        aria-label={t('filters.by.label')}
        value={search.by ?? 'any'}
        options={['any', 'created', 'paid'].map((value) => ({
          value,
          label: t(`filters.by.${value}`),
        }))}
        onChange={(by) => {
          const { by: _by, ...rest } = search
          onChange(by === 'any' ? rest : { ...rest, by: by === 'paid' ? 'paid' : 'created' })
        }}
      />
      <StatusFilter search={search} onChange={onChange} />
      <Checkbox
        checked={search.attention ?? false}
        onChange={({ target }) =>
          onChange({
            ...without(search, 'attention'),
            ...given({ attention: flag(target.checked) }),
          })
        }
      >
        {t('filters.attention')}
      </Checkbox>
      <Checkbox
        checked={search.inTransit ?? false}
        onChange={({ target }) =>
          onChange({
            ...without(search, 'inTransit'),
            ...given({ inTransit: flag(target.checked) }),
          })
        }
      >
        {t('filters.inTransit')}
      </Checkbox>
      <BillNoFilter key={search.billNo ?? ''} search={search} onChange={onChange} />
      {hasFilter && (
        <Button type="link" onClick={() => onChange({})}>
          {t('filters.clear')}
        </Button>
      )}
    </div>
  )
}

function StatusFilter({ search, onChange }: FiltersProps) {
  const { t } = useTranslation()
  const chosen = new Set(search.status)
  const flip = (status: PaymentStatus) => {
    const next = PAYMENT_STATUSES.filter((s) => chosen.has(s) !== (s === status))
    onChange({ ...without(search, 'status'), ...(next.length > 0 ? { status: next } : {}) })
  }
  return (
    <div className="choices" role="group" aria-label={t('payments.status')}>
      {PAYMENT_STATUSES.map((status) => (
        <button
          key={status}
          type="button"
          aria-pressed={chosen.has(status)}
          className={`chip chip-${LOOK_OF_STATUS[status].tone}`}
          onClick={() => flip(status)}
        >
          <Icon name={LOOK_OF_STATUS[status].icon} />
          {t(`statuses.${status}`)}
        </button>
      ))}
    </div>
  )
}

function BillNoFilter({ search, onChange }: FiltersProps) {
  const { t } = useTranslation()
  const [billNo, setBillNo] = useState(search.billNo ?? '')
  const apply = (event: FormEvent) => {
    event.preventDefault()
    const typed = billNo.trim()
    onChange({ ...without(search, 'billNo'), ...(typed === '' ? {} : { billNo: typed }) })
  }
  return (
    <form className="bill-filter" onSubmit={apply}>
      <input
        value={billNo}
        maxLength={30}
        placeholder={t('payments.billNo')}
        aria-label={t('payments.billNo')}
        onChange={(event) => setBillNo(event.target.value)}
      />
      <Button htmlType="submit" icon={<Icon name="search" />} aria-label={t('filters.apply')} />
    </form>
  )
}

const flag = (isOn: boolean): true | undefined => (isOn ? true : undefined)

function without<K extends keyof PaymentsSearch>(search: PaymentsSearch, name: K) {
  const { [name]: _left, ...rest } = search
  return rest as Omit<PaymentsSearch, K>
}

import { Button } from 'antd'
import { type FormEvent, useState } from 'react'

import { addDays, type BusinessDate } from '../../../kernel/time.ts'
import { api } from '../api.ts'
import { SelectField } from '../channels/SelectField.tsx'
import { TextField } from '../channels/TextField.tsx'
import { today } from '../clock.ts'
import { downloadFile } from '../list/download-file.ts'
import { Fault } from '../list/Fault.tsx'
import { Icon } from '../shell/Icon.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { fileOf, useExport } from './use-vouchers.ts'
import { useLayoutName, useVoucherWords } from './words.ts'

const STANDARD = ['u8', 'kingdee', 'json'] as const

type ExportCardProps = { first: BusinessDate; last: BusinessDate }

/** Hands vouchers of at most a month over to the accounting system, as the file that it imports. */
export function ExportCard({ first, last }: ExportCardProps) {
  const { t } = useVoucherWords()
  const staff = useStaff()
  const { hospitalId } = staff
  const layoutName = useLayoutName()
  const own = useOwnLayouts()
  const yesterday = addDays(today(), -1)
  const [layout, setLayout] = useState<string>('u8')
  const [from, setFrom] = useState<string>(first)
  const [to, setTo] = useState<string>(last < yesterday ? last : yesterday)
  const [onlyNew, setOnlyNew] = useState(false)
  const make = useExport(hospitalId, { words: t('export.done') }, (made) =>
    downloadFile(fileOf(hospitalId, made)),
  )
  if (!may(staff, 'reconcile')) return null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (from !== '' && to !== '') make.mutate({ layout, from, to, onlyUnacknowledged: onlyNew })
  }
  return (
    <form className="card channel-form" onSubmit={submit} aria-labelledby="export-title">
      <h2 id="export-title">{t('export.title')}</h2>
      <div className="field-row">
        <SelectField
          label={t('export.layout')}
          value={layout}
          options={[...STANDARD, ...own].map((value) => ({ value, label: layoutName(value) }))}
          onChange={setLayout}
        />
        <TextField label={t('export.from')} type="date" value={from} onChange={setFrom} />
        <TextField label={t('export.to')} type="date" value={to} onChange={setTo} />
      </div>
      <label className="inline-field">
        <input
          type="checkbox"
          checked={onlyNew}
          onChange={({ target }) => setOnlyNew(target.checked)}
        />
        {t('export.onlyNew')}
      </label>
      {make.error !== null && <Fault error={make.error} />}
      <span>
        <Button htmlType="submit" icon={<Icon name="download" />} loading={make.isPending}>
          {t('export.act')}
        </Button>
      </span>
    </form>
  )
}

/** Names of the layouts the hospital agreed on for itself, beside those that stand anyway. */
function useOwnLayouts(): string[] {
  const { hospitalId } = useStaff()
  const { data } = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/accounting/terms', {
    params: { path: { hospitalId }, query: { kind: 'layout' } },
  })
  const agreed = (data?.items ?? []).filter(({ status }) => status === 'agreed')
  const names = new Set(agreed.map(({ name }) => name))
  return [...names].filter((name) => !STANDARD.some((one) => one === name)).toSorted()
}

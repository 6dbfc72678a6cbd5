import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { momentText } from '../../web/moment.ts'
import { Fault } from '../list/Fault.tsx'
import { CheckGroup } from './CheckGroup.tsx'
import { useDepartments } from './use-channels.ts'

const MOST_CODE_LETTERS = 30

type DepartmentChoiceProps = {
  legend: string
  chosen: readonly string[]
  onChange: (codes: string[]) => void
}

/** Some of the hospital's departments. While its system does not answer, by their codes. */
export function DepartmentChoice({ legend, chosen, onChange }: DepartmentChoiceProps) {
  const { t, i18n } = useTranslation()
  const { query, departments, nameOf } = useDepartments()
  const [code, setCode] = useState('')
  const codes = [...new Set([...departments.map((department) => department.code), ...chosen])]
  const add = () => {
    const wanted = code.trim()
    if (wanted === '') return
    if (!chosen.includes(wanted)) onChange([...chosen, wanted])
    setCode('')
  }
  return (
    <div className="department-choice">
      <CheckGroup
        legend={legend}
        options={codes.map((value) => ({
          value,
          label: nameOf(value) === value ? value : `${nameOf(value)} ${value}`,
        }))}
        chosen={chosen}
        onChange={onChange}
      />
      {query.data?.stale && query.data.readAt !== null && (
        <p className="fine" role="status">
          {t('channels.departmentsAsOf', {
            at: momentText(query.data.readAt, 'moment', i18n.language),
          })}
        </p>
      )}
      {query.error !== null && (
        <>
          <Fault error={query.error} onRetry={() => void query.refetch()} />
          <div className="field-row">
            <label className="field">
              {t('channels.departmentCode')}
              <input
                value={code}
                maxLength={MOST_CODE_LETTERS}
                onChange={(event) => setCode(event.target.value)}
              />
            </label>
            <Button onClick={add}>{t('channels.add')}</Button>
          </div>
        </>
      )}
    </div>
  )
}

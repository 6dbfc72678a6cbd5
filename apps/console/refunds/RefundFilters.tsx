import { Button, Checkbox, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'

import { REFUND_CAUSES, REFUND_STATUSES } from '../search/choices.ts'
import { dropCursors, given, oneOf, type RefundsSearch } from '../search/params.ts'
import { Icon } from '../shell/Icon.tsx'
import { LOOK_OF_REFUND } from './words.ts'

type RefundFiltersProps = { search: RefundsSearch; onChange: (search: RefundsSearch) => void }

/** Which refunds to list. A change begins at the first page again. */
export function RefundFilters({ search, onChange }: RefundFiltersProps) {
  const { t } = useTranslation()
  const filter = dropCursors(search)
  const change = (changes: { [Name in keyof RefundsSearch]: RefundsSearch[Name] | undefined }) =>
    onChange(given({ ...filter, ...changes }))
  return (
    <div className="filters" role="group" aria-label={t('filters.label')}>
      <Segmented
        aria-label={t('filters.by.label')}
        value={search.by ?? 'any'}
        options={[
          { value: 'any', label: t('filters.by.any') },
          { value: 'created', label: t('filters.by.asked') },
          { value: 'returned', label: t('filters.by.returned') },
        ]}
        onChange={(by) => change({ by: oneOf(['created', 'returned'] as const, by) })}
      />
      <div className="choices" role="group" aria-label={t('payments.status')}>
        {REFUND_STATUSES.map((status) => (
          <button
            key={status}
            type="button"
            aria-pressed={search.status?.includes(status) ?? false}
            className={`chip chip-${LOOK_OF_REFUND[status].tone}`}
            onClick={() => change({ status: flipped(REFUND_STATUSES, search.status, status) })}
          >
            <Icon name={LOOK_OF_REFUND[status].icon} />
            {t(`refunds.statuses.${status}`)}
          </button>
        ))}
      </div>
      <div className="choices" role="group" aria-label={t('refunds.cause')}>
        {REFUND_CAUSES.map((cause) => (
          <button
            key={cause}
            type="button"
            aria-pressed={search.cause?.includes(cause) ?? false}
            className="chip chip-plain"
            onClick={() => change({ cause: flipped(REFUND_CAUSES, search.cause, cause) })}
          >
            {t(`refunds.causes.${cause}`)}
          </button>
        ))}
      </div>
      <Checkbox
        checked={search.attention ?? false}
        onChange={({ target }) => change({ attention: target.checked ? true : undefined })}
      >
        {t('filters.attention')}
      </Checkbox>
      <Checkbox
        checked={search.ofIncome ?? false}
        onChange={({ target }) => change({ ofIncome: target.checked ? true : undefined })}
      >
        {t('filters.ofIncome')}
      </Checkbox>
      {Object.keys(filter).length > 0 && (
        <Button type="link" onClick={() => onChange({})}>
          {t('filters.clear')}
        </Button>
      )}
    </div>
  )
}

/** The chosen ones in their usual order with this one in, or out if it was in; undefined for none. */
function flipped<T extends string>(
  all: readonly T[],
  chosen: readonly T[] | undefined,
  value: T,
): T[] | undefined {
  const next = all.filter((each) => (chosen?.includes(each) ?? false) !== (each === value))
  return next.length > 0 ? next : undefined
}

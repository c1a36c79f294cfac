// Hides what a choice makes unneeded: courses of other levels, the day of return without a leave.
const row = (input) => input.closest('.ws-course') ?? input.closest('.field')

function follow (control, inputs, needs) {
  const show = () => inputs.forEach((input) => { row(input).hidden = !needs(input) })
  control.forEach((input) => input.addEventListener('change', show))
  show()
}

const level = document.querySelector('[data-level]')
if (level) {
  const inputs = [...document.querySelectorAll('[data-levels]')]
  follow([level], inputs, (input) => input.dataset.levels.split(' ').includes(level.value))
  const worksheet = document.querySelector('a[data-worksheet]')
  if (worksheet) level.addEventListener('change', () => {
    const url = new URL(worksheet.href)
    url.searchParams.set('level', level.value)
    worksheet.href = url.href
  })
}

document.querySelectorAll('[data-only]').forEach((input) => {
  const [name, value] = input.dataset.only.split('=')
  const control = [...document.querySelectorAll(`[name="${name}"]`)]
  follow(control, [input], () => control.some((choice) => choice.checked && choice.value === value))
})

// What is still to do, kept up to date beside the button. The server judges it all the same.
const missing = document.querySelector('[data-missing]')
if (missing) {
  const form = missing.closest('form')
  const list = missing.querySelector('ul')
  const title = (el) => el.firstChild.textContent.trim()
  const shown = (el) => !el.closest('[hidden]')

  const empty = (input) => input.type === 'radio' || input.type === 'checkbox'
    ? !form.querySelector(`[name="${input.name}"]:checked`)
    : !input.value

  // A worksheet that is still to come tells the days of courses, as a rule.
  const comes = () => form.querySelector('.doc-needed:not(.doc-there) [data-worksheet]')
  const empties = () => [...form.querySelectorAll(`[required]${comes() ? '' : ', [name^="course_"]'}`)].filter(shown).filter(empty)

  function asked () {
    const named = new Map(empties().map((input) => [input.name, input]))
    return [...named.values()].map((input) => [input.id, words(input)])
  }
  function words (input) {
    if (input.type === 'radio') return title(input.closest('fieldset').querySelector('legend'))
    const label = form.querySelector(`label[for="${input.id}"]`)
    return input.type === 'checkbox' ? label.textContent.trim() : title(label)
  }
  function papers () {
    const needed = form.querySelectorAll('.doc-needed:not(.doc-there)')
    return [...needed].map((kind) => kind.querySelector('label')).map((label) => [label.htmlFor, title(label)])
  }
  function worksheets () {
    const wrong = [...form.querySelectorAll('.doc-kind')].filter((kind) => kind.querySelector('.ws.check-bad'))
    return wrong.map((kind) => kind.querySelector('label')).map((label) => [label.htmlFor, `Mend the ${title(label)}`])
  }
  function tell () {
    const place = ([id]) => document.getElementById(id)
    const left = [...asked(), ...papers(), ...worksheets()]
      .sort((one, other) => place(one).compareDocumentPosition(place(other)) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1)
    list.replaceChildren(...left.map(([id, text]) => {
      const row = document.createElement('li')
      const link = document.createElement('a')
      link.href = `#${id}`
      link.textContent = text
      row.append(link)
      return row
    }))
    missing.hidden = left.length === 0
    const complete = document.querySelector('[data-complete]') // not there beside errors
    if (complete) complete.hidden = left.length > 0
  }
  form.addEventListener('input', tell)
  form.addEventListener('change', tell)
  new MutationObserver(tell).observe(form, { subtree: true, attributes: true, attributeFilter: ['class'] })
  tell()
}

// A check and its place on the page find each other; the whole review goes by keys. Without this, links and buttons do.
const side = document.querySelector('.r-side')
const pages = document.querySelector('.r-pages')
const checks = [...side.querySelectorAll('[data-check]')]
const placeOf = (check) => document.getElementById(`place-${check.dataset.check}`)
const chosen = () => checks.find((check) => check.open)

function show (check) {
  document.querySelectorAll('.place.is-chosen').forEach((place) => place.classList.remove('is-chosen'))
  const place = placeOf(check)
  if (!place) return
  place.classList.add('is-chosen')
  const at = place.getBoundingClientRect()
  const pane = pages.getBoundingClientRect()
  if (at.top < pane.top || at.bottom > pane.bottom) pages.scrollBy(0, at.top - pane.top - pane.height / 3)
}

function choose (check) {
  check.open = true
  check.querySelector('summary').focus({ preventScroll: true })
  check.scrollIntoView({ block: 'nearest' })
  show(check)
}

checks.forEach((check) => check.addEventListener('toggle', () => { if (check.open) show(check) }))

document.querySelectorAll('[data-place]').forEach((place) => place.addEventListener('click', (event) => {
  event.preventDefault()
  const check = checks.find((each) => each.dataset.check === place.dataset.place)
  choose(check)
}))

function move (by) {
  if (!checks.length) return
  const at = checks.indexOf(chosen())
  const to = at < 0 ? (by > 0 ? 0 : checks.length - 1) : Math.min(Math.max(at + by, 0), checks.length - 1)
  choose(checks[to])
}
const press = (within, said) => within?.querySelector(`button[name="said"][value="${said}"]`)?.click()
const whole = side.querySelector('[data-whole]')
const acts = {
  n: () => move(1),
  j: () => move(1),
  p: () => move(-1),
  k: () => move(-1),
  f: () => press(chosen(), 'fine'),
  w: () => press(chosen(), 'not_fine'),
  c: () => chosen()?.querySelector('.rc-read .form-control, .rc-read .form-select')?.focus(),
  a: () => press(whole, 'fine'),
  x: () => press(whole, 'not_fine')
}

// Whoever speaks to their machine, or types elsewhere, can turn the keys off; the browser keeps that.
const OFF = 'review-keys-off'
const keys = document.querySelector('[data-keys]')
const box = keys?.querySelector('input')
if (keys) {
  keys.hidden = false
  box.checked = !localStorage.getItem(OFF)
  box.addEventListener('change', () => box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, '1'))
}
const TYPING = 'input:not([type="checkbox"]), textarea, select, [contenteditable]'
addEventListener('keydown', (event) => {
  if (!box?.checked || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
  if (event.target.closest?.(TYPING)) return
  const act = acts[event.key]
  if (!act || event.repeat) return
  event.preventDefault()
  act()
})

// On a phone the page comes first, unless a check was asked for.
const beside = matchMedia('(min-width: 62.01rem)').matches
const focus = document.querySelector('[autofocus]')
if (chosen()) {
  if (focus ? focus.localName === 'summary' : beside) choose(chosen())
  else show(chosen())
}

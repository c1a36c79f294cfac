// How strong the new password is while it is being typed. The server judges, here as on saving.
const form = document.querySelector('form[data-judge]')
const input = form.elements.password
const box = form.querySelector('.strength')
const meter = box.querySelector('meter')
const [word, next] = box.querySelectorAll('b, span')
const status = box.querySelector('[role=status]')
const rules = document.querySelectorAll('[data-rule]')
const PAUSE = 300 // milliseconds without a key, before we ask
const SAY = 1200 // and before it is said aloud
let waiting, saying, asked = 0

async function ask () {
  const mine = ++asked
  const fields = { csrf_token: form.elements.csrf_token.value, password: input.value }
  const options = { method: 'POST', body: new URLSearchParams(fields), headers: { Accept: 'application/json' } }
  const answer = await fetch(form.dataset.judge, options).then((r) => r.ok ? r.json() : null, () => null)
  if (mine === asked) show(answer)
}

// Without an answer there is nothing to show: the rules stand in words, and saving judges all the same.
function show (judgment) {
  box.hidden = !judgment
  rules.forEach((rule) => {
    rule.classList.toggle('met', Boolean(judgment) && !judgment.broken.includes(rule.dataset.rule))
  })
  if (!judgment) return
  meter.value = judgment.score + 1
  box.dataset.score = judgment.score
  word.textContent = judgment.word + '.'
  next.textContent = judgment.next
  clearTimeout(saying)
  saying = setTimeout(() => { status.textContent = `Strength: ${judgment.word}. ${judgment.next}` }, SAY)
}

input.addEventListener('input', () => {
  clearTimeout(waiting)
  if (input.value) waiting = setTimeout(ask, PAUSE)
  else { asked++; show(null) }
})
if (input.value) ask()

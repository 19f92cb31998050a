(function () {
    'use strict';
    var next, busy = false;
    function refresh() {
        clearTimeout(next);
        next = setTimeout(refresh, 5000);
        if (document.hidden || busy) { return; }
        busy = true;
        fetch(location.href, { cache: 'no-store', credentials: 'same-origin' }).then(function (reply) {
            if (!reply.ok) { throw new Error(reply.status); }
            return reply.text();
        }).then(function (text) {
            var fresh = new DOMParser().parseFromString(text, 'text/html').querySelector('main');
            var old = document.querySelector('main');
            if (fresh && old) { old.replaceWith(document.adoptNode(fresh)); }
            document.body.classList.remove('lost');
        }).catch(function () {
            document.body.classList.add('lost');
        }).then(function () { busy = false; });
    }
    next = setTimeout(refresh, 5000);
    document.addEventListener('visibilitychange', refresh);
}());

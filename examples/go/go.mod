module bounce.example/classify

go 1.19
